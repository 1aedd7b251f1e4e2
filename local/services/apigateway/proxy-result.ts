import { isObject } from '../../input.ts';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';

/** The response that a function's result of payload format 2.0 stands for. */
export function answerOf(result: unknown, requestId: string): Answer {
  const id = { 'apigw-requestid': requestId };
  if (result === null || result === undefined)
    return jsonAnswer(500, { message: 'Internal Server Error' }, id);
  // A string is taken to be JSON already; an object without a status is the body itself.
  if (typeof result === 'string') return { ...jsonAnswer(200, '', id), body: Buffer.from(result) };
  if (!isObject(result) || result['statusCode'] === undefined) return jsonAnswer(200, result, id);
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(isObject(result['headers']) ? result['headers'] : {})) {
    headers[name.toLowerCase()] = String(value);
  }
  if (Array.isArray(result['cookies'])) headers['set-cookie'] = result['cookies'].map(String);
  // The length is that of the body as it is sent.
  delete headers['content-length'];
  const body = typeof result['body'] === 'string' ? result['body'] : '';
  const encoding = result['isBase64Encoded'] === true ? 'base64' : 'utf8';
  return {
    status: Number(result['statusCode']),
    headers: { ...headers, ...id },
    body: Buffer.from(body, encoding),
  };
}

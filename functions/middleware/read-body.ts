import type { Route } from '#contract/api/route.ts';
import { Problem } from '#contract/problems.ts';
import type { ApiEvent } from './call.ts';
import { fromYaml, speaksYaml, YAML } from './yaml.ts';

const LIMIT_BYTES = 1_048_576;

/**
 * The JSON of the body. No body at all is `{}`, so that a verb without options needs none.
 *
 * Throws `body-too-large`, `unsupported-media-type` or `invalid-json`.
 */
export function readBody(event: ApiEvent, route: Route): unknown {
  if (route.body === undefined) return undefined;
  const text = bodyText(event);
  if (Buffer.byteLength(text) > LIMIT_BYTES) {
    throw new Problem(
      'body-too-large',
      `Cannot read the body: it has ${Buffer.byteLength(text)} bytes, the limit is ${LIMIT_BYTES}`,
    );
  }
  if (text.trim() === '') return {};
  if (checkedContentType(event, route) === YAML) return fromYaml(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('invalid-json', `Cannot read the body: ${reason}`, { cause });
  }
}

function bodyText(event: ApiEvent): string {
  const { body = '', isBase64Encoded } = event;
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

function checkedContentType(event: ApiEvent, route: Route): string {
  const wanted = route.bodyType ?? 'application/json';
  const given = event.headers['content-type'];
  const type = given?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === wanted || (type === YAML && speaksYaml(route))) return type;
  const described = given === undefined ? 'it names no content type' : `its content type is "${given}"`;
  const choice = speaksYaml(route) ? `${wanted} or ${YAML}` : wanted;
  throw new Problem('unsupported-media-type', `Cannot read the body: ${described}; send ${choice}`);
}

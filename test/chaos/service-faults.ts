import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** An answer of a service, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** What the asked service says when it has a fault of its own. */
export function refusalOf(headers: IncomingHttpHeaders): Answer {
  return isJson(headers)
    ? json(500, 'InternalServerError', 'Simulated: the service has a fault')
    : xml(500, 'InternalError', 'Simulated: we encountered an internal error');
}

/** What the asked service says when it is asked too much. */
export function throttleOf(headers: IncomingHttpHeaders): Answer {
  if (!isJson(headers)) return xml(503, 'SlowDown', 'Simulated: please reduce your request rate');
  const throttled = json(400, 'ProvisionedThroughputExceededException', 'Simulated: too many requests');
  return Math.random() < 0.5 ? throttled : json(400, 'ThrottlingException', 'Simulated: rate exceeded');
}

/** Kinesis and DynamoDB name their operation in a header, S3 does not. */
function isJson(headers: IncomingHttpHeaders): boolean {
  return headers['x-amz-target'] !== undefined;
}

function json(status: number, type: string, message: string): Answer {
  return answer(status, 'application/x-amz-json-1.1', JSON.stringify({ __type: type, message }));
}

function xml(status: number, code: string, message: string): Answer {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return answer(status, 'application/xml', text);
}

function answer(status: number, type: string, text: string): Answer {
  const body = Buffer.from(text);
  return { status, headers: { 'content-type': type, 'content-length': String(body.length) }, body };
}

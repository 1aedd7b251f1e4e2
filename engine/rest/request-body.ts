import type { IncomingMessage } from 'node:http';
import { RestError } from './rest-error.ts';

// The largest request of the API is a path and an id; a megabyte leaves room for proxies that add to it.
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Reads the JSON object of a request. The real client sends `{}` with every GET, so a body is never refused as such. */
export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const type = request.headers['content-type'] ?? '';
  const text = await readText(request);
  // A multipart body belongs to the submission of JARs, which is refused whatever it says.
  if (text.trim() === '' || type.startsWith('multipart/')) {
    return {};
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new RestError(400, 'Cannot read the request: its body is not JSON', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new RestError(400, 'Cannot read the request: its body is not a JSON object');
  }
  // A JSON object is a record of unknown members; nothing more is claimed.
  return parsed as Record<string, unknown>;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // No encoding is set on the request, so its chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) {
      throw new RestError(413, `Cannot read the request: its body is larger than ${BODY_LIMIT_BYTES} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** Which members a body may have. */
export type BodyShape = Readonly<Record<string, 'text' | 'boolean' | readonly string[]>>;

/**
 * Refuses members that the route does not know, as Flink does, and wrong types; `null` counts as absent.
 * Returns the members that are there.
 */
export function checkedBody(
  body: Readonly<Record<string, unknown>>,
  shape: BodyShape,
): Readonly<Record<string, string | boolean>> {
  const checked: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(body)) {
    const expected = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (expected === undefined) {
      const known = Object.keys(shape).join(', ') || 'none';
      throw new RestError(400, `Cannot read the request: field "${name}" is unknown; known fields: ${known}`);
    }
    if (value !== null) {
      checked[name] = checkedMember(name, value, expected);
    }
  }
  return checked;
}

function checkedMember(name: string, value: unknown, expected: BodyShape[string]): string | boolean {
  if (expected === 'boolean' ? typeof value === 'boolean' : typeof value === 'string') {
    // Checked on the line above; the compiler does not follow the conditional.
    const member = value as string | boolean;
    if (typeof expected === 'string' || expected?.includes(String(member))) {
      return member;
    }
  }
  const wanted = typeof expected === 'string' ? `a ${expected}` : `one of ${expected?.join(', ')}`;
  throw new RestError(
    400,
    `Cannot read the request: field "${name}" must be ${wanted}, not ${JSON.stringify(value)}`,
  );
}

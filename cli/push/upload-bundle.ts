/** Brings a bundle to the platform: at once, or a large one in parts, of which only the missing ones are sent. */
import type { Client } from '#contract/api/client.ts';
import type { UploadParts } from '#contract/resources/application-version.ts';
import { CliError, exitCode } from '../exit-code.ts';
import { bytes } from '../output/text.ts';

export interface UploadOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly application: string;
  readonly say: (line: string) => void;
  readonly fetch?: typeof fetch;
}

/** What is uploaded. */
export interface Uploaded {
  readonly code: Uint8Array;
  readonly sha256: string;
}

// A single connection rarely fills a line; more than a few only share it.
const AT_ONCE = 3;

/** Errors: `CliError` when a round brought nothing; what has arrived stays there, and the next push sends the rest. */
export async function uploadBundle(options: UploadOptions, bundle: Uploaded): Promise<void> {
  const { client, namespace, application, say } = options;
  const { sha256, code } = bundle;
  const params = { namespace, application };
  const sizeBytes = code.byteLength;
  // Asked again after each round: addresses expire while a slow line is busy.
  for (;;) {
    const { url, headers, parts } = await client.get('createUpload', { params, body: { sha256, sizeBytes } });
    if (url === null) break;
    if (parts === null) {
      await sendWhole(options, bundle, { url, headers });
      break;
    }
    if (parts.missing.length === 0) {
      const body = { uploadId: parts.uploadId, sizeBytes };
      await client.get('completeUpload', { params: { ...params, sha256 }, body });
      break;
    }
    await sendParts(options, bundle, parts);
  }
  say(`Uploaded ${application}, ${bytes(sizeBytes)}, SHA-256 ${sha256.slice(0, 12)}`);
}

async function sendWhole(
  options: UploadOptions,
  { code }: Uploaded,
  { url, headers }: { readonly url: string; readonly headers: Record<string, string> },
): Promise<void> {
  const response = await (options.fetch ?? fetch)(url, { method: 'PUT', headers, body: Buffer.from(code) });
  if (!response.ok) throw refused(`the store answered ${response.status}; push again`);
}

/** One round over all that is missing; a part that fails is left to the next round. */
async function sendParts(
  options: UploadOptions,
  { code }: Uploaded,
  { missing, partBytes }: UploadParts,
): Promise<void> {
  const total = Math.ceil(code.byteLength / partBytes);
  let there = total - missing.length;
  if (there > 0) options.say(`${there} of ${total} parts are there already`);
  const waiting = [...missing];
  let sent = 0;
  let failure: unknown;
  const sendSome = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const from = (part.number - 1) * partBytes;
      try {
        await sendPart(options, part.url, code.subarray(from, from + partBytes));
      } catch (error) {
        failure = error;
        continue;
      }
      sent += 1;
      there += 1;
      const bytesThere = Math.min(there * partBytes, code.byteLength);
      options.say(`${there} of ${total} parts, ${bytes(bytesThere)} of ${bytes(code.byteLength)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
  if (sent > 0) return;
  const reason = failure instanceof Error ? failure.message : 'no reason given';
  throw refused(
    `${reason}; push again: ${there} of ${total} parts are there and are not sent again`,
    failure,
  );
}

async function sendPart(options: UploadOptions, url: string, part: Uint8Array): Promise<void> {
  const response = await (options.fetch ?? fetch)(url, { method: 'PUT', body: Buffer.from(part) });
  if (!response.ok) throw new Error(`the store answered ${response.status}`);
}

function refused(reason: string, cause?: unknown): CliError {
  return new CliError(exitCode.failed, `Cannot upload the bundle: ${reason}`, { cause });
}

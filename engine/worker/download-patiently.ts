import { download } from './download.ts';
import { WorkerRefusal } from './worker-refusal.ts';

const ATTEMPTS = 4;
const RETRY_DELAY_MS = 500;

/** The bytes behind a presigned address, with some tries; throws a `WorkerRefusal` that names what they are. */
export async function downloadPatiently(url: string, what: string): Promise<Uint8Array> {
  // The query of a presigned address is a credential and stays out of messages.
  const shown = url.split('?', 1)[0];
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryDownload(url);
    if (!('reason' in outcome)) {
      return outcome;
    }
    if (!outcome.transient || attempt === ATTEMPTS) {
      throw new WorkerRefusal(`Cannot fetch ${what} from ${shown}: ${outcome.reason}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_DELAY_MS * attempt);
    });
  }
}

interface Failure {
  readonly transient: boolean;
  readonly reason: string;
}

async function tryDownload(url: string): Promise<Uint8Array | Failure> {
  if (!URL.canParse(url)) {
    return { transient: false, reason: 'it is no address' };
  }
  try {
    const { status, bytes } = await download(url);
    return status === 200 ? bytes : { transient: status >= 500, reason: `the answer has status ${status}` };
  } catch (error) {
    return { transient: true, reason: error instanceof Error ? error.message || error.name : String(error) };
  }
}

import { pause, retryDelayMs } from '../aws/retry.ts';
import { errorMessage } from '../aws/service-error.ts';
import type { ConnectorHost, SinkWriter } from '../connector.ts';
import { FlushQueue } from '../flush-queue.ts';
import type { RecordEncoder } from '../formats/json-encoder.ts';
import { retryAfterMs } from './retry-after.ts';

/** What is the same in all requests of a sink. */
export interface RequestShape {
  readonly url: string;
  /** The address without secrets. */
  readonly shown: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** How records become requests. */
export interface RequestWriterOptions<T> {
  readonly request: RequestShape;
  readonly encode: RecordEncoder<T>;
  readonly batchRecords: number;
  readonly lingerMs: number;
}

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

const BODY_BYTES_MAX = 1024 * 1024;
const LINE_FEED = Buffer.from('\n');
/** Not for now, or not by this time; all other 4xx stay as they are. */
const PASSING = new Set([408, 425, 429]);
const REPORT_EVERY = 20;

/** Posts records in batches, one request at a time. */
export class RequestWriter<T> implements SinkWriter<T> {
  readonly highWater: number;
  readonly #options: RequestWriterOptions<T>;
  readonly #host: ConnectorHost;
  readonly #queue: FlushQueue<Uint8Array>;
  readonly #keyPrefix: string;
  readonly #abort = new AbortController();
  #requests = 0;

  constructor(options: RequestWriterOptions<T>, host: ConnectorHost, subtask: number) {
    const { batchRecords, lingerMs } = options;
    this.#options = options;
    this.#host = host;
    this.highWater = 4 * batchRecords;
    const run = Math.floor(host.random() * 2 ** 32).toString(36);
    this.#keyPrefix = `${host.owner}/${host.epoch}/${subtask}/${run}`;
    this.#queue = new FlushQueue<Uint8Array>({
      host,
      lingerMs,
      fullAt: batchRecords,
      lowWater: 2 * batchRecords,
      take: (waiting) => batchSize(waiting, batchRecords),
      send: (records) => this.#send(records),
    });
  }

  get pending(): number {
    return this.#queue.pending;
  }

  write(value: T): void {
    this.#queue.add(this.#options.encode(value));
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  onAvailable(wake: () => void): void {
    this.#queue.onAvailable(wake);
  }

  close(): Promise<void> {
    this.#queue.close();
    this.#abort.abort();
    return Promise.resolve();
  }

  async #send(records: readonly Uint8Array[]): Promise<void> {
    this.#requests += 1;
    const key = `${this.#keyPrefix}/${this.#requests}`;
    const body = Buffer.concat(
      this.#options.batchRecords === 1 ? records : records.flatMap((record) => [record, LINE_FEED]),
    );
    for (let attempt = 0; !this.#queue.closed; attempt += 1) {
      const answer = await this.#post(body, key);
      if (isAnswer(answer) && answer.status >= 200 && answer.status < 300) return;
      await this.#waitAfter(answer, attempt);
    }
  }

  /** The answer, or why there was none. */
  async #post(body: Uint8Array, key: string): Promise<Answer | Error> {
    const { url, method, headers, timeoutMs } = this.#options.request;
    const slow = new AbortController();
    const cancel = this.#host.schedule(timeoutMs, () =>
      slow.abort(new Error(`no answer in ${timeoutMs} ms`)),
    );
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, 'idempotency-key': key },
        // A body of its own memory, which the types of fetch ask for.
        body: Uint8Array.from(body),
        redirect: 'manual',
        signal: AbortSignal.any([slow.signal, this.#abort.signal]),
      });
      await response.body?.cancel();
      const after = retryAfterMs(response.headers.get('retry-after'), this.#host.clock.now());
      return { status: response.status, retryAfterMs: after };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      cancel();
    }
  }

  /** Waits until it is time for another try; throws where none will help. */
  async #waitAfter(answer: Answer | Error, attempt: number): Promise<void> {
    const { shown, method } = this.#options.request;
    if (isAnswer(answer) && answer.status < 500 && !PASSING.has(answer.status))
      throw new Error(
        `Cannot ${method} to "${shown}": it answers with status ${answer.status}, which no other try will change; check the address and the headers of the sink`,
      );
    if (attempt % REPORT_EVERY === 0 && !this.#queue.closed) {
      const reason = isAnswer(answer) ? `status ${answer.status}` : errorMessage(answer.cause ?? answer);
      const fields = { url: shown, attempt, reason };
      this.#host.report({ level: 'warn', message: 'A request failed and is made again', fields });
    }
    const asked = isAnswer(answer) ? (answer.retryAfterMs ?? 0) : 0;
    await pause(this.#host, Math.max(asked, retryDelayMs(attempt, this.#host)));
  }
}

function isAnswer(answer: Answer | Error): answer is Answer {
  return !(answer instanceof Error);
}

/** How many of the waiting records go into one request. */
function batchSize(waiting: readonly Uint8Array[], recordsMax: number): number {
  let [bytes, count] = [0, 0];
  for (const { length } of waiting) {
    bytes += length;
    if (count === recordsMax || (count > 0 && bytes > BODY_BYTES_MAX)) break;
    count += 1;
  }
  return count;
}

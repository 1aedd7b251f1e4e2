import { isTransactional, type PrepareHow, type SinkWriter } from '../connectors/connector.ts';
import type { ChainNode } from '../operators/chain.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { connectorHost } from './connector-host.ts';
import { SinkTransactions } from './sink-transactions.ts';
import type { SubtaskContext } from './subtask.ts';

/** The sinks of one subtask, watched together. */
export class SinkWriters {
  readonly #context: SubtaskContext;
  /** Those that make durable at once what they take. */
  readonly #direct: SinkWriter<unknown>[] = [];
  readonly #transactions: SinkTransactions[] = [];

  constructor(context: SubtaskContext) {
    this.#context = context;
  }

  open(node: ChainNode): SinkWriter<unknown> {
    const { definition } = node;
    if (definition.kind !== 'sink')
      throw new Error(`Operator "${node.name}" is a ${definition.kind} and no sink.`);
    const writer = this.#openSink(node, definition.sink);
    writer.onAvailable(() => this.#context.listener.wake());
    return writer;
  }

  /** True while a sink has more in hand than it likes, or has not yet committed what was restored. */
  get blocked(): boolean {
    for (const writer of this.#direct) if (writer.pending > writer.highWater) return true;
    for (const { writer, recovering } of this.#transactions)
      if (recovering || writer.pending > writer.highWater) return true;
    return false;
  }

  /** True while a sink has not yet committed what was restored. */
  get recovering(): boolean {
    return this.#transactions.some(({ recovering }) => recovering);
  }

  /** Whether anything here is committed with checkpoints. */
  get transactional(): boolean {
    return this.#transactions.length > 0;
  }

  /**
   * Fixes what was written before a barrier; resolves when it is durable, with what of it goes into the snapshot.
   * Undefined when there is no sink, so that a subtask without one has nothing to wait for.
   */
  prepare(checkpointId: number, how: PrepareHow): Promise<readonly SnapshotPart[]> | undefined {
    if (!this.transactional && this.#direct.length === 0) return undefined;
    const prepared = Promise.all(
      this.#transactions.map((transactions) => transactions.prepare(checkpointId, how)),
    );
    const flushed = this.flush();
    return flushed === undefined
      ? prepared.then((parts) => parts.flat())
      : Promise.all([prepared, flushed]).then(([parts]) => parts.flat());
  }

  /** Makes durable what waits for no checkpoint; undefined when there is nothing of the kind. */
  flush(): Promise<unknown> | undefined {
    return this.#direct.length === 0 ? undefined : Promise.all(this.#direct.map((writer) => writer.flush()));
  }

  /** The checkpoint is complete; true when what it holds is committed. What failed is told by `check`. */
  async commit(checkpointId: number): Promise<boolean> {
    const committed = await Promise.all(
      this.#transactions.map((transactions) => transactions.commit(checkpointId)),
    );
    return committed.every(Boolean);
  }

  /** Throws what a commit failed with. */
  check(): void {
    for (const transactions of this.#transactions) transactions.check();
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#direct, ...this.#transactions].map((sink) => sink.close()));
  }

  #openSink(node: ChainNode, sink: Parameters<typeof isTransactional<never>>[0]): SinkWriter<unknown> {
    if (isTransactional(sink)) {
      const transactions = new SinkTransactions(node, sink, this.#context);
      this.#transactions.push(transactions);
      return transactions.writer;
    }
    const writer = sink.writer(connectorHost(this.#context, node.name), this.#context.subtask);
    this.#direct.push(writer);
    return writer;
  }
}

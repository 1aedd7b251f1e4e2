import type {
  Committable,
  Committer,
  Prepared,
  PrepareHow,
  TransactionalSink,
  TransactionalWriter,
} from '../connectors/connector.ts';
import type { ChainNode } from '../operators/chain.ts';
import { OperatorListTable } from '../state/operator-list.ts';
import { openState, restoreState, TableSnapshot } from '../state/operator-state.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { stateOwner, type StateOwner } from '../state/state-owner.ts';
import { transactionsState } from '../state/transactions-state.ts';
import { connectorHost } from './connector-host.ts';
import type { SubtaskContext } from './subtask.ts';

/** One element of the operator list: what a sink has to say for itself, and how far it is with it. */
interface Entry {
  readonly state: 'prepared' | 'unfinished';
  readonly committable: Committable;
}

/** What one barrier has fixed. */
interface Transaction {
  readonly checkpointId: number;
  readonly committables: readonly Committable[];
}

/**
 * The transactions of one sink in one subtask, from barrier to commit.
 *
 * Contract: whatever was prepared stays in every checkpoint until it is committed, also where the checkpoint that it
 * was prepared for was given up or was a savepoint, which commits nothing: then the next one commits it. Commits run
 * beside the stream, one after the other. Until what was restored is committed the sink takes nothing.
 */
export class SinkTransactions {
  readonly writer: TransactionalWriter<unknown>;
  /** True until everything of the last run is committed. */
  recovering = false;
  readonly #context: SubtaskContext;
  readonly #owner: StateOwner;
  readonly #committer: Committer;
  #prepared: Transaction[] = [];
  /** What was restored and not yet committed again. */
  #restored: readonly Entry[] = [];
  #commits: Promise<void> = Promise.resolve();
  #failure: { readonly cause: unknown } | undefined;

  constructor(node: ChainNode, sink: TransactionalSink<never>, context: SubtaskContext) {
    const host = connectorHost(context, node.name);
    this.#context = context;
    this.#owner = stateOwner(node, context.vertex, context.subtask);
    this.#committer = sink.committer(host, context.subtask);
    this.writer = sink.writer(host, context.subtask);
    this.#recover();
  }

  /** Throws what a commit failed with. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** Ends the open transaction; gives all that is not committed as it goes into the snapshot. */
  async prepare(checkpointId: number, how: PrepareHow): Promise<readonly SnapshotPart[]> {
    const prepared = await this.writer.prepare(how);
    if (prepared.committables.length > 0)
      this.#prepared.push({ checkpointId, committables: prepared.committables });
    if (how.savepoint) await this.#committer.keep?.(this.#uncommitted);
    return this.#write(prepared);
  }

  /** Commits what this checkpoint and those before it have prepared; true when that is done. */
  async commit(checkpointId: number): Promise<boolean> {
    this.#commits = this.#commits.then(() => this.#commitThrough(checkpointId)).catch(this.#fail);
    await this.#commits;
    return this.#failure === undefined;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.writer.close(), this.#committer.close()]);
  }

  get #uncommitted(): readonly Committable[] {
    const restored = this.#restored.map(({ committable }) => committable);
    return [...restored, ...this.#prepared.flatMap(({ committables }) => committables)];
  }

  async #commitThrough(checkpointId: number): Promise<void> {
    const due = this.#prepared.filter((transaction) => transaction.checkpointId <= checkpointId);
    if (due.length === 0 || this.#failure !== undefined) return;
    await this.#committer.commit(due.flatMap(({ committables }) => committables));
    // A barrier may have prepared more meanwhile.
    this.#prepared = this.#prepared.filter((transaction) => !due.includes(transaction));
  }

  #recover(): void {
    const { restored, subtask, vertex } = this.#context;
    const table = new OperatorListTable(transactionsState);
    openState(this.#owner, [table]);
    restoreState(restored, this.#owner, [table]);
    // Written by `#write` of this class, of this version or of an earlier one.
    const all = [...table] as Entry[];
    // Every subtask reads the same list in the same order.
    this.#restored = all.filter((_, index) => index % vertex.parallelism === subtask);
    this.recovering = true;
    const recovery = {
      committables: committablesOf(this.#restored, 'prepared'),
      unfinished: committablesOf(this.#restored, 'unfinished'),
      all: all.map(({ committable }) => committable),
    };
    this.#commits = this.#committer
      .recover(recovery)
      .then(() => {
        this.#restored = [];
        this.recovering = false;
        this.#context.listener.wake();
      })
      .catch(this.#fail);
  }

  #write({ unfinished }: Prepared): readonly SnapshotPart[] {
    const table = new OperatorListTable(transactionsState);
    const entries: Entry[] = [
      ...this.#restored,
      ...this.#prepared.flatMap(({ committables }) => committables).map(preparedEntry),
      ...unfinished.map((committable): Entry => ({ state: 'unfinished', committable })),
    ];
    table.set(entries);
    // Opened for this one snapshot, so that it is written whole.
    const snapshot = new TableSnapshot(openState(this.#owner, [table]), this.#context.host.clock);
    snapshot.step(Infinity);
    return snapshot.take();
  }

  readonly #fail = (cause: unknown): void => {
    this.#failure ??= { cause };
    this.#context.listener.wake();
  };
}

function preparedEntry(committable: Committable): Entry {
  return { state: 'prepared', committable };
}

function committablesOf(entries: readonly Entry[], state: Entry['state']): readonly Committable[] {
  return entries.filter((entry) => entry.state === state).map(({ committable }) => committable);
}

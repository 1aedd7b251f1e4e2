import type { ConnectorHost, Split } from '../connectors/connector.ts';
import type { JobGraph } from '../graph/job-graph.ts';
import { schedulerOf, type Host } from '../host.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { AlignedGroups } from './aligned-groups.ts';
import { CheckpointCoordinator, type CheckpointListener } from './coordinator/checkpoint-coordinator.ts';
import type { CheckpointLog } from './coordinator/checkpoint-log.ts';
import type { CheckpointRequest } from './coordinator/checkpoint-request.ts';
import type { CheckpointStore } from './coordinator/checkpoint-store.ts';
import type { Manifest } from './coordinator/manifest.ts';
import { buildManifest } from './coordinator/build-manifest.ts';
import { continuedOperators, restoreChains } from './coordinator/continued-chains.ts';
import { causedByFence, faultOf } from './fault.ts';
import type { JobOptions } from './job-options.ts';
import type { JobPlan } from './job-plan.ts';
import { LetterTotals } from './poison/letter-counts.ts';
import type { DeadLetter } from './poison/dead-letter.ts';
import type { EnteredRecord } from './poison/entered-record.ts';
import { lettersOfSlot } from './poison/slot-letters.ts';
import type { Fault, ThreadFigures, UndecodableSample } from './job-status.ts';
import { QueryRouter } from './queries/query-router.ts';
import { partsOfSlots } from './restored-parts.ts';
import { SinkCommits } from './sink-commits.ts';
import type { SlotCommand, SlotLink, SlotReport, VertexMetrics } from './slot-protocol.ts';
import { SplitCoordinator } from './split-coordinator.ts';
import { WarmSlots } from './warm-slots.ts';
import { type BlockedSlot, Watchdog } from './watchdog.ts';

/** What an attempt starts from. */
export interface AttemptStart {
  readonly manifest: Manifest | undefined;
  readonly parts: readonly SnapshotPart[];
  /** The state is held by checkpoints and savepoints of this deployment, and need not be written again. */
  readonly owned: boolean;
  readonly letters: readonly DeadLetter[];
}

/** What an attempt is made of. */
export interface AttemptContext {
  readonly options: JobOptions;
  readonly host: Host;
  readonly plan: JobPlan;
  readonly graph: JobGraph;
  /** Slots of this graph that were started before the attempt. */
  readonly slots?: WarmSlots | undefined;
  readonly store: CheckpointStore;
  readonly log: CheckpointLog;
  readonly start: AttemptStart;
  readonly nextCheckpointId: () => number;
  readonly listener: AttemptListener;
}

/** Who hears of an attempt. `failed` and `finished` are called once, and not both. */
export interface AttemptListener extends Pick<CheckpointListener, 'completed' | 'failed'> {
  running(): void;
  /** The source at `vertex` knows its first splits. */
  reading(vertex: number): void;
  subtaskFinished(vertex: number, subtask: number): void;
  finished(): void;
  /** `entered` is the record that led to the fault, where it was one. */
  broke(fault: Fault, fenced: boolean, entered?: EnteredRecord): void;
  metrics(metrics: readonly VertexMetrics[]): void;
  thread(slot: number, figures: ThreadFigures): void;
  undecodable(samples: readonly UndecodableSample[]): void;
}

/** Between two tries of the checkpoint that a job ends with. */
const LAST_CHECKPOINT_RETRY_MS = 100;

/**
 * One try of a job: its slots, its splits and its checkpoints, from the start to the first error or the end.
 */
export class JobAttempt {
  readonly #context: AttemptContext;
  readonly #slots: readonly SlotLink[];
  readonly queries: QueryRouter;
  readonly #checkpoints: CheckpointCoordinator;
  readonly #sources = new Map<number, SplitCoordinator>();
  readonly #aligned: AlignedGroups;
  readonly #letters: LetterTotals;
  #watchdog: Watchdog | undefined;
  readonly #commits: SinkCommits;
  #unopened: number;
  #unassigned = 0;
  #unfinished: number;
  #ended = false;

  constructor(context: AttemptContext) {
    const { graph, options, plan, host, start } = context;
    const slots = context.slots ?? new WarmSlots({ options, plan, graph, host });
    this.#context = context;
    this.#unfinished = graph.vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);
    this.#checkpoints = this.#checkpointCoordinator();
    this.#commits = new SinkCommits({
      graph,
      lastCheckpoint: () => this.#takeLastCheckpoint(),
      stopped: () => this.#finish(),
    });
    this.#aligned = new AlignedGroups(graph, (vertex, subtask, limit) =>
      this.#slots[subtask]?.send({ type: 'limit-source', vertex, limit }),
    );
    this.#slots = slots.links;
    this.#unopened = this.#slots.length;
    this.queries = new QueryRouter({
      graph,
      host,
      slots: this.#slots.length,
      send: (slot, query) => this.#slots[slot]?.send({ type: 'query', query }),
    });
    slots.preloaded.settle(start.manifest?.operators ?? []);
    slots.attach((slot, report) => this.#hear(slot, report));
    this.#letters = new LetterTotals(start.manifest?.letters ?? []);
    this.#open(start);
  }

  request(request: CheckpointRequest): void {
    this.#checkpoints.request(request);
  }

  /** Ends everything; resolves when nothing of the attempt runs and no commit is on its way. */
  async close(reason: string): Promise<void> {
    this.#ended = true;
    this.queries.close(reason);
    this.#watchdog?.close();
    await this.#checkpoints.close(reason);
    await Promise.allSettled([
      ...[...this.#sources.values()].map((source) => source.close()),
      ...this.#slots.map((slot) => slot.terminate()),
    ]);
  }

  #open({ manifest, parts, owned, letters }: AttemptStart): void {
    const { graph, options } = this.#context;
    const continued = manifest !== undefined && owned ? continuedOperators(graph, manifest) : [];
    if (manifest !== undefined)
      restoreChains(this.#checkpoints.chains, graph, { manifest, operators: continued });
    const dealt = partsOfSlots(graph, this.#slots.length, { parts, move: options.threads });
    for (const [index, slot] of this.#slots.entries()) {
      const own = lettersOfSlot(graph, index, { letters, counts: manifest?.letters ?? [] });
      slot.send({ type: 'open', epoch: options.epoch, parts: dealt[index] ?? [], continued, letters: own });
    }
  }

  #checkpointCoordinator(): CheckpointCoordinator {
    const { options, host, store, log, graph, start, nextCheckpointId, listener } = this.#context;
    return new CheckpointCoordinator({
      host,
      store,
      log,
      vertices: graph.vertices.map(({ id, parallelism }) => ({ id, head: id, parallelism })),
      options,
      firstAtOnce: start.manifest !== undefined && !start.owned && options.checkpointIntervalMs > 0,
      nextId: nextCheckpointId,
      manifest: (pending, end) => {
        const letters = this.#letters.take(pending.id);
        return {
          ...buildManifest(this.#context, pending, { ...end, finished: this.#finishedBefore() }),
          ...(letters.length === 0 ? {} : { letters }),
        };
      },
      send: (command, slot) => {
        if (slot === undefined) this.#broadcast(command);
        else this.#slots[slot]?.send(command);
      },
      listener: {
        completed: (pending, manifest) => listener.completed(pending, manifest),
        failed: (pending, reason) => listener.failed(pending, reason),
        stopped: (checkpointId) => this.#commits.stop(checkpointId),
        broken: (error) => this.#breakBy(error),
      },
    });
  }

  #hear(slot: number, report: SlotReport): void {
    if (this.#ended) return;
    const { listener, host, options } = this.#context;
    switch (report.type) {
      case 'ready':
      case 'preloaded':
        return undefined;
      case 'opened':
        return this.#opened();
      case 'handed-parts':
        return this.#checkpoints.take(report);
      case 'acknowledged':
        return this.#checkpoints.acknowledge(report);
      case 'split-finished':
        return this.#sources.get(report.vertex)?.finished(report.split);
      case 'source-reached':
        return this.#aligned.reported(report.vertex, slot, report.watermark);
      case 'commit-awaited':
        return this.#commits.awaited(this.#unfinished);
      case 'committed':
        return this.#commits.committed(report.vertex, slot, report.checkpointId);
      case 'finished':
        return this.#subtaskFinished(report.vertex, slot);
      case 'failed':
        return this.#failed(report.fault, report.fenced, report.entered);
      case 'letters-counted':
        return this.#letters.counted(report.checkpointId, `${report.vertex}:${slot}`, report.counts);
      case 'metrics':
        if (report.thread !== undefined) listener.thread(slot, report.thread);
        return listener.metrics(report.subtasks);
      case 'undecodable':
        return listener.undecodable(report.samples);
      case 'answered':
        return this.queries.answered(report.id, report.answer);
      case 'connector':
        host.reporter.report({
          type: 'connector',
          jobId: options.jobId,
          operator: report.operator,
          subtask: report.subtask,
          ...report.event,
        });
        return undefined;
    }
  }

  #opened(): void {
    this.#unopened -= 1;
    if (this.#unopened > 0) return;
    this.#context.listener.running();
    this.#watchdog = this.#watch();
    try {
      this.#startSources();
    } catch (error) {
      this.#breakBy(error);
    }
  }

  #watch(): Watchdog {
    const { host, options, graph } = this.#context;
    const nameOf = ({ vertex }: BlockedSlot): string => graph.vertices[vertex]?.name ?? '';
    return new Watchdog({
      host,
      options: options.watchdog ?? {},
      pulses: this.#slots.flatMap((slot) =>
        slot.pulse === undefined ? [] : [() => slot.pulse?.() ?? NO_PULSE],
      ),
      blocked: (blocked) => {
        const { slot: subtask, blockedMs } = blocked;
        const vertex = nameOf(blocked);
        host.reporter.report({ type: 'slot-blocked', jobId: options.jobId, vertex, subtask, blockedMs });
      },
      dead: (blocked) => {
        const { slot: subtask, blockedMs } = blocked;
        const vertex = nameOf(blocked);
        const message = `The thread of subtask ${subtask} was ended: "${vertex}" has been at one batch of records for ${Math.round(blockedMs / 1000)} s; look for a loop that does not end, or for work that belongs into an async operator`;
        this.#break({ atMs: host.clock.now(), name: 'BlockedError', message, vertex, subtask }, false);
      },
    });
  }

  #startSources(): void {
    const { graph, host, start, options } = this.#context;
    for (const [vertex, { nodes, parallelism }] of graph.vertices.entries()) {
      const head = nodes[0];
      if (head?.definition.kind !== 'source') continue;
      this.#unassigned += 1;
      const source = new SplitCoordinator({
        host,
        vertex,
        parallelism,
        enumerator: head.definition.source.enumerator(this.#connectorHost(head.name)),
        send: (subtask, command) => this.#slots[subtask]?.send(command),
        assigned: () => this.#assigned(vertex),
        broken: (error) => this.#breakBy(error),
      });
      this.#sources.set(vertex, source);
      source.start(isPlaced(start.manifest, options) ? splitsOf(start.manifest, head.id) : []);
    }
  }

  #connectorHost(operator: string): ConnectorHost {
    const { host, options } = this.#context;
    return {
      ...schedulerOf(host),
      random: () => host.random(),
      environment: host.environment,
      epoch: options.epoch,
      owner: options.prefix,
      report: (event) =>
        host.reporter.report({ type: 'connector', jobId: options.jobId, operator, subtask: -1, ...event }),
    };
  }

  /** A checkpoint before this would say of splits that are about to be read that nobody knows them. */
  #assigned(vertex: number): void {
    this.#context.listener.reading(vertex);
    this.#unassigned -= 1;
    if (this.#unassigned === 0) this.#checkpoints.start();
  }

  #subtaskFinished(vertex: number, subtask: number): void {
    this.#unfinished -= 1;
    this.#context.listener.subtaskFinished(vertex, subtask);
    if (this.#unfinished === 0) this.#finish();
    else this.#commits.finished(vertex, subtask, this.#unfinished);
  }

  /** All input is read and nothing but commits is left, which only a checkpoint may set off. */
  #takeLastCheckpoint(): void {
    this.#checkpoints.request({
      after: 'continue',
      done: ({ status }) => {
        if (status !== 'failed') return;
        this.#context.host.schedule(LAST_CHECKPOINT_RETRY_MS, () => {
          if (!this.#ended) this.#commits.checkpointFailed(this.#unfinished);
        });
      },
    });
  }

  /** With the savepoint of a job that stops nothing can be lost: who restores it commits what it holds. */
  #failed(fault: Fault, fenced: boolean, entered: EnteredRecord | undefined): void {
    if (!this.#commits.stopping) {
      this.#break(fault, fenced, entered);
      return;
    }
    const { host, options } = this.#context;
    host.reporter.report({
      type: 'connector',
      jobId: options.jobId,
      operator: fault.operator ?? '',
      subtask: fault.subtask ?? -1,
      level: 'error',
      message: 'The effects of a savepoint were not committed; a job that is restored from it will',
      fields: { reason: fault.message },
    });
    this.#finish();
  }

  #finishedBefore(): ReadonlyMap<string, readonly Split[]> {
    const { vertices } = this.#context.graph;
    return new Map(
      [...this.#sources].map(([vertex, source]) => [vertices[vertex]?.id ?? '', source.finishedBefore]),
    );
  }

  #broadcast(command: SlotCommand): void {
    for (const slot of this.#slots) slot.send(command);
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.listener.finished();
  }

  #breakBy(error: unknown): void {
    this.#break(faultOf(error, { atMs: this.#context.host.clock.now() }), causedByFence(error));
  }

  #break(fault: Fault, fenced: boolean, entered?: EnteredRecord): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.listener.broke(fault, fenced, entered);
  }
}

/** Of a slot that never blocks this thread's view of it. */
const NO_PULSE = { beat: 0, vertex: undefined };

/** A job that begins at a time replaces the positions of whoever was before it, and goes on from its own. */
function isPlaced(manifest: Manifest | undefined, { jobId, adjustments }: JobOptions): boolean {
  return adjustments?.startAtMs === undefined || manifest?.jobId === jobId;
}

function splitsOf(manifest: Manifest | undefined, operatorId: string): readonly Split[] {
  return (manifest?.splits ?? []).filter((split) => split.operatorId === operatorId);
}

/** A job that is only looked at: its state is what a test says, its requests are remembered. */
import type {
  CheckpointView,
  Job,
  JobEnd,
  JobStatusView,
  SubtaskCheckpointView,
  SubtaskView,
  TriggerStatus,
  VertexView,
} from '../runtime/job-status.ts';

import {
  type StateAnswer,
  StateQueryError,
  type StateQuery,
  type StateSummary,
} from '../runtime/queries/state-query.ts';

export const JOB_ID = '599eef453baaefee14fa1c540389286d';
export const SOURCE_ID = 'a'.repeat(32);
export const WINDOW_ID = 'b'.repeat(32);
export const STARTED_AT_MS = 1_795_258_370_849;

const STATES: readonly StateSummary[] = [
  {
    operatorId: WINDOW_ID,
    operator: 'per-country',
    state: 'windows',
    kind: 'windows',
    entries: 9,
    keyKind: 'string',
  },
];

export type SavepointRequest = Parameters<Job['savepoint']>[0];

export class FakeJob implements Job {
  readonly id = JOB_ID;
  readonly ended: Promise<JobEnd> = new Promise(() => {});
  readonly savepoints: SavepointRequest[] = [];
  readonly triggers = new Map<string, TriggerStatus>();
  readonly queries: StateQuery[] = [];
  readonly rescaled: number[] = [];
  cancelled = 0;
  view: JobStatusView = statusView();

  status(): JobStatusView {
    return this.view;
  }

  savepoint(options: SavepointRequest): void {
    this.savepoints.push(options);
    this.triggers.set(options.triggerId, {
      status: 'completed',
      checkpointId: 3,
      location: options.directory,
    });
  }

  savepointStatus(triggerId: string): TriggerStatus | undefined {
    return this.triggers.get(triggerId);
  }

  triggerCheckpoint(triggerId?: string): void {
    this.triggers.set(triggerId ?? '', { status: 'completed', checkpointId: 2, location: 'chk-2.json' });
  }

  checkpointStatus(triggerId: string): TriggerStatus | undefined {
    return this.triggers.get(triggerId);
  }

  replay(): Promise<void> {
    return Promise.resolve();
  }

  states(): Promise<readonly StateSummary[]> {
    return Promise.resolve(STATES);
  }

  queryState(query: StateQuery): Promise<StateAnswer> {
    this.queries.push(query);
    if (query.operator !== 'per-country') {
      return Promise.reject(new StateQueryError('unknown', `there is no operator "${query.operator}"`));
    }
    return Promise.resolve({
      consistency: 'live',
      operator: query.operator,
      state: query.state,
      kind: 'windows',
      entries: [{ key: query.key ?? 'AT', value: { payments: 7 } }],
      cursor: 'next',
    });
  }

  refusesParallelism(parallelism: number): string | undefined {
    return parallelism > 4 ? 'Cannot rescale: there are four subtasks at most' : undefined;
  }

  rescale(parallelism: number): Promise<void> {
    this.rescaled.push(parallelism);
    return Promise.resolve();
  }

  cancel(): Promise<void> {
    this.cancelled += 1;
    return Promise.resolve();
  }
}

export function statusView(): JobStatusView {
  return {
    id: JOB_ID,
    name: 'keyed-state',
    state: 'RUNNING',
    startedAtMs: STARTED_AT_MS,
    timestamps: { INITIALIZING: STARTED_AT_MS, CREATED: STARTED_AT_MS + 10, RUNNING: STARTED_AT_MS + 60 },
    epoch: 4,
    graphHash: 'c'.repeat(64),
    parallelism: 2,
    maxParallelism: 128,
    restarts: 1,
    vertices: vertexViews(),
    checkpoints: {
      intervalMs: 10_000,
      timeoutMs: 600_000,
      counts: { restored: 0, total: 2, inProgress: 0, completed: 1, failed: 1 },
      latest: { completed: completed(), failed: failed() },
      history: [failed(), completed()],
    },
    faultGroups: [],
    faults: [
      {
        atMs: STARTED_AT_MS + 20,
        name: 'RangeError',
        message: 'amount -1 is negative',
        vertex: 'payments -> to-eur',
        operator: 'to-eur',
        subtask: 0,
        record: '{"amount":-1}',
      },
    ],
    deadLetters: [],
    undecodable: [
      {
        atMs: 1,
        operator: 'payments',
        subtask: 0,
        split: 's',
        position: '7',
        reason: 'is not JSON',
        preview: 'x',
      },
    ],
  };
}

function vertexViews(): readonly VertexView[] {
  return [
    {
      id: SOURCE_ID,
      name: 'payments -> to-eur',
      parallelism: 1,
      maxParallelism: 128,
      operators: [{ id: SOURCE_ID, name: 'payments', kind: 'source', state: [] }],
      inputs: [],
      subtasks: [
        subtaskView(0, {
          recordsOut: 700,
          lagMs: 12,
          backpressuredMsPerSecond: 600,
          undecodableRecords: 1,
        }),
      ],
    },
    {
      id: WINDOW_ID,
      name: 'per-country -> <totals>',
      parallelism: 2,
      maxParallelism: 128,
      operators: [{ id: WINDOW_ID, name: 'per-country', kind: 'window', state: [] }],
      inputs: [{ vertexId: SOURCE_ID, exchange: 'hash' }],
      subtasks: [
        subtaskView(0, { recordsIn: 400, inputWatermark: 1_795_258_380_000 }),
        subtaskView(1, { recordsIn: 300 }),
      ],
    },
  ];
}

function subtaskView(subtask: number, more: Partial<SubtaskView>): SubtaskView {
  return {
    subtask,
    recordsIn: 0,
    recordsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    busyMs: 10,
    backpressuredMs: 0,
    idleMs: 0,
    lateRecords: 0,
    undecodableRecords: 0,
    operators: [
      {
        id: 'o',
        name: 'per country!',
        recordsIn: 5,
        recordsOut: 4,
        lateRecords: 0,
        stateEntries: 9,
        stateBytes: 90,
      },
    ],
    state: 'RUNNING',
    attempt: 0,
    startedAtMs: STARTED_AT_MS + 50,
    recordsInPerSecond: 0,
    recordsOutPerSecond: 0,
    bytesInPerSecond: 0,
    bytesOutPerSecond: 0,
    busyMsPerSecond: 100,
    backpressuredMsPerSecond: 0,
    idleMsPerSecond: 900,
    ...more,
  };
}

function completed(): CheckpointView {
  return {
    id: 1,
    status: 'completed',
    savepoint: false,
    stop: false,
    triggeredAtMs: STARTED_AT_MS + 1000,
    latestAckAtMs: STARTED_AT_MS + 1040,
    endedAtMs: STARTED_AT_MS + 1050,
    durationMs: 50,
    writtenBytes: 100,
    stateBytes: 300,
    subtasks: 3,
    acknowledged: 3,
    manifest: 'checkpoints/d/jobs/j/chk-1.json',
    vertices: {
      [WINDOW_ID]: {
        acknowledged: 2,
        subtasks: 2,
        stateBytes: 300,
        writtenBytes: 100,
        latestAckAtMs: STARTED_AT_MS + 1040,
        acknowledgements: [acknowledgement(0, 60), acknowledgement(1, 40)],
      },
    },
  };
}

function acknowledgement(subtask: number, writtenBytes: number): SubtaskCheckpointView {
  return {
    subtask,
    acknowledgedAtMs: STARTED_AT_MS + 1030 + 10 * subtask,
    stateBytes: 150,
    writtenBytes,
    startDelayMs: 2,
    alignmentMs: 3 + subtask,
    syncMs: 1,
    asyncMs: 20,
  };
}

function failed(): CheckpointView {
  return {
    id: 2,
    status: 'failed',
    savepoint: true,
    stop: true,
    triggeredAtMs: STARTED_AT_MS + 2000,
    endedAtMs: STARTED_AT_MS + 2100,
    durationMs: 100,
    writtenBytes: 0,
    stateBytes: 0,
    subtasks: 3,
    acknowledged: 1,
    failure: 'the directory is not empty',
    vertices: {},
  };
}

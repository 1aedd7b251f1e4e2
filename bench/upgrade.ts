/**
 * For how long a deployment gives no results while another version takes its place, with all of its state, on the local
 * platform; and whether every record is counted once.
 *
 *   npm run bench -- upgrade [--state-mb 100] [--times 3] [--verb upgrade|restart] [--json FILE]
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Benchmark, type Measurement, median } from './benchmark.ts';
import { PlatformProcess } from './recovery/platform-process.ts';
import { continuityOf } from './upgrade/notes.ts';

const NAME = 'upgrade';
/** With key, count and text an entry takes some 160 bytes. */
const SENSORS_PER_MB = 6500;
const RATE = 30_000;
/** Checkpoints before and after. */
const QUIET_MS = 8000;
const LOOK_MS = 100;
const OPERATION_MS = 180_000;

/** What the benchmark reads of an operation. */
interface Operation {
  readonly id: string;
  readonly state: string;
  readonly pauseMs: number | null;
  readonly problem: { readonly detail: string } | null;
  readonly steps: readonly {
    readonly name: string;
    readonly state: string;
    readonly startedAt: string | null;
    readonly endedAt: string | null;
    readonly message: string | null;
  }[];
}

/** One replacement of a job. */
interface Replacement {
  readonly operation: Operation;
  readonly gapMs: number;
  readonly steadyMs: number;
  readonly records: number;
  readonly wrong: number;
}

export const benchmark: Benchmark = {
  name: NAME,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'state-mb': { type: 'string', default: '100' },
        times: { type: 'string', default: '3' },
        verb: { type: 'string', default: 'upgrade' },
      },
    });
    const sensors = Number(values['state-mb']) * SENSORS_PER_MB;
    const platform = new PlatformProcess();
    try {
      await platform.ready();
      const file = path.join(platform.folder, 'output');
      await deploy(platform, { sensors, file });
      // Every sensor has come once, and a checkpoint holds them.
      await delay((sensors / RATE) * 1000 + QUIET_MS);
      const done: Replacement[] = [];
      for (let time = 0; time < Number(values.times); time++) {
        done.push(await replace(platform, { sensors, file, verb: values.verb, time }));
        await delay(QUIET_MS);
      }
      return measurementsOf(done, Number(values['state-mb']));
    } finally {
      await platform.remove();
    }
  },
};

async function deploy(
  platform: PlatformProcess,
  { sensors, file }: { readonly sensors: number; readonly file: string },
): Promise<void> {
  for (const version of ['version-1', 'version-2']) {
    await platform.command('application', 'push', path.join(import.meta.dirname, 'upgrade', `${version}.ts`));
  }
  const input = path.join(platform.folder, 'deployment.json');
  const spec = {
    application: NAME,
    version: 1,
    desiredState: 'running',
    configuration: { sensors, ratePerSecond: RATE, file },
    checkpointInterval: '5 seconds',
    resources: { cpu: 1, memoryMb: 2048 },
  };
  writeFileSync(input, JSON.stringify({ name: NAME, spec }));
  await platform.command('deployment', 'create', '-f', input, '--wait');
}

interface Trial {
  readonly sensors: number;
  readonly file: string;
  readonly verb: string;
  readonly time: number;
}

async function replace(
  platform: PlatformProcess,
  { sensors, file, verb, time }: Trial,
): Promise<Replacement> {
  const fromMs = Date.now();
  const body = verb === 'upgrade' ? { version: 2 - (time % 2) } : {};
  const accepted = await call(platform, `deployments/${NAME}/${verb}`, body);
  const operation = await ended(platform, accepted.id);
  print(operation);
  await delay(QUIET_MS / 4);
  const continuity = await continuityOf(file, { fromMs, toMs: Date.now(), sensors });
  console.log(`gap ${continuity.gapMs} ms, steady ${continuity.steadyMs} ms, wrong ${continuity.wrong}`);
  return { operation, ...continuity };
}

async function ended(platform: PlatformProcess, id: string): Promise<Operation> {
  for (let waited = 0; waited < OPERATION_MS; waited += LOOK_MS) {
    const operation = await call(platform, `operations/${id}`);
    if (operation.state === 'succeeded') return operation;
    if (operation.state === 'failed' || operation.state === 'cancelled')
      throw new Error(`Cannot measure the upgrade: ${operation.problem?.detail ?? operation.state}`);
    await delay(LOOK_MS);
  }
  throw new Error(`Cannot measure the upgrade: the operation was awaited for ${OPERATION_MS / 1000} s`);
}

async function call(platform: PlatformProcess, place: string, body?: object): Promise<Operation> {
  const response = await fetch(`${platform.url}/api/v1/namespaces/default/${place}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot measure the upgrade: status ${response.status}: ${text}`);
  // Answered by our own API.
  return JSON.parse(text) as Operation;
}

function print({ steps, pauseMs }: Operation): void {
  const beginMs = Date.parse(steps[0]?.startedAt ?? '');
  for (const { name, state, startedAt, endedAt, message } of steps) {
    const [from, to] = [startedAt, endedAt].map((at) => Date.parse(at ?? '') - beginMs);
    console.log(`${String(from).padStart(7)} ${String(to).padStart(7)} ${name} ${state}: ${message ?? ''}`);
  }
  console.log(`pauseMs ${pauseMs}`);
}

function measurementsOf(done: readonly Replacement[], stateMb: number): readonly Measurement[] {
  const gaps = done.map(({ gapMs }) => gapMs);
  const steady = Math.max(...done.map(({ steadyMs }) => steadyMs));
  const wrong = done.at(-1)?.wrong ?? 0;
  return [
    {
      name: `replacing a job with ${stateMb} MB, gap in the output`,
      value: median(gaps) / 1000,
      unit: 's',
      note: `of ${gaps.length}, the longest ${(Math.max(...gaps) / 1000).toFixed(2)} s; ${steady} ms while nothing happens; aim 0.8`,
    },
    {
      name: 'pause as the operation has it',
      value: median(done.map(({ operation }) => operation.pauseMs ?? 0)) / 1000,
      unit: 's',
    },
    {
      name: 'records that were lost, doubled or counted wrong',
      value: wrong,
      unit: 'records',
      note: `of ${done.at(-1)?.records ?? 0}`,
    },
  ];
}

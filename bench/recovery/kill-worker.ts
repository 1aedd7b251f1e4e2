import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Measurement, median } from '../benchmark.ts';
import { PlatformProcess } from './platform-process.ts';

/** With their texts and keys of 16 characters about 100 MB. */
const SENSORS = 600_000;
const RATE = 60_000;
const KILLS = 3;
const LOOK_MS = 20;
const READY_MS = 120_000;
/** Checkpoints between two kills. */
const QUIET_MS = 15_000;

/** One line that the sink of the application writes. */
interface LifeSign {
  readonly atMs: number;
  readonly pid: number;
}

/** From `kill -9` of the worker of a deployment until another one writes. */
export async function measureKills(): Promise<readonly Measurement[]> {
  const platform = new PlatformProcess();
  try {
    await platform.ready();
    const file = path.join(platform.folder, 'output');
    await deploy(platform, file);
    await until(() => linesOf(file) > 0, 'the deployment writes');
    // Every sensor has come once, and a checkpoint holds them.
    await delay((SENSORS / RATE) * 1000 + QUIET_MS);
    const pauses: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      pauses.push(await killOnce(file));
      await delay(QUIET_MS);
    }
    return [
      {
        name: 'kill -9 of a worker, output resumes after',
        value: median(pauses) / 1000,
        unit: 's',
        note: `of ${KILLS} kills, the longest ${(Math.max(...pauses) / 1000).toFixed(2)} s; aim 5`,
      },
    ];
  } finally {
    await platform.remove();
  }
}

async function deploy(platform: PlatformProcess, file: string): Promise<void> {
  const application = path.join(import.meta.dirname, 'application.ts');
  await platform.command('application', 'push', application);
  const input = path.join(platform.folder, 'deployment.json');
  const configuration = { sensors: SENSORS, ratePerSecond: RATE, file };
  const spec = {
    application: 'recovery',
    version: 1,
    desiredState: 'running',
    configuration,
    checkpointInterval: '5 seconds',
    resources: { cpu: 1, memoryMb: 2048 },
  };
  writeFileSync(input, JSON.stringify({ name: 'recovery', spec }));
  await platform.command('deployment', 'create', '-f', input, '--wait');
}

async function killOnce(file: string): Promise<number> {
  const { pid } = lastSign(file);
  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  await until(() => lastSign(file).pid !== pid, 'another worker writes');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const first = lines.map(signOf).find((sign) => sign.pid !== pid && sign.atMs >= killedAt);
  return (first?.atMs ?? Number.NaN) - killedAt;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < READY_MS; waited += LOOK_MS) {
    if (condition()) return;
    await delay(LOOK_MS);
  }
  throw new Error(`Cannot measure the recovery: ${what} was awaited for ${READY_MS / 1000} s`);
}

function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file).length : 0;
}

function lastSign(file: string): LifeSign {
  const text = readFileSync(file, 'utf8');
  // The last line may be half written.
  return signOf(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) ?? '');
}

function signOf(line: string): LifeSign {
  const [atMs, pid] = line.split(' ');
  return { atMs: Number(atMs), pid: Number(pid) };
}

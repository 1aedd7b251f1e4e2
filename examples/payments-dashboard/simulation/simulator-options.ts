import type { SimulationOptions } from './simulation.ts';

/** How the simulator runs, read from its environment. */
export interface SimulatorOptions extends SimulationOptions {
  readonly stream: string;
  readonly cursorTable: string;
  readonly cursorId: string;
  readonly count?: number;
  readonly startAt?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readSimulatorOptions(environment: Environment): SimulatorOptions {
  const number = (name: string, fallback: number): number => numberOf(environment, name) ?? fallback;
  const count = numberOf(environment, 'SIMULATOR_COUNT');
  const startAt = timeOf(environment, 'SIMULATOR_START');
  return {
    stream: textOf(environment, 'SIMULATOR_STREAM'),
    cursorTable: textOf(environment, 'SIMULATOR_CURSOR_TABLE'),
    cursorId: environment['SIMULATOR_CURSOR_ID'] ?? 'payments',
    seed: number('SIMULATOR_SEED', 7),
    ratePerSecond: number('SIMULATOR_RATE', 200),
    skew: number('SIMULATOR_SKEW', 1),
    lateShare: number('SIMULATOR_LATE_SHARE', 0.002),
    corruptShare: number('SIMULATOR_CORRUPT_SHARE', 0),
    ...(count !== undefined && { count }),
    ...(startAt !== undefined && { startAt }),
  };
}

function textOf(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`Cannot start the simulator: ${name} is not set`);
  return value;
}

function numberOf(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`Cannot start the simulator: ${name} is "${text}", expected a number that is not negative`);
}

function timeOf(environment: Environment, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new Error(
    `Cannot start the simulator: ${name} is "${text}", expected a time such as 2026-11-21T12:00:00Z`,
  );
}

import type { PoisonOptions, RestartOptions, WatchdogOptions } from '../runtime/job-options.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** What a worker does about faults by itself. */
export interface RecoverySettings {
  readonly restart: RestartOptions;
  readonly poison: PoisonOptions;
  readonly watchdog: WatchdogOptions;
}

const STRATEGIES: readonly string[] = ['none', 'fixed-delay', 'exponential-delay', 'failure-rate'];

/** Reads what the control plane wrote; throws a `WorkerRefusal` that names the variable and the field at fault. */
export function recoverySettings(value: unknown, name: string): RecoverySettings {
  const given = objectOf(value, name);
  const restart = objectOf(given['restart'] ?? { kind: 'exponential-delay' }, `${name}.restart`);
  oneOf(restart['kind'], STRATEGIES, `${name}.restart.kind`);
  const poison = objectOf(given['poison'] ?? { policy: 'fail' }, `${name}.poison`);
  oneOf(poison['policy'], ['fail', 'dead-letter'], `${name}.poison.policy`);
  const watchdog = objectOf(given['watchdog'] ?? {}, `${name}.watchdog`);
  for (const [part, fields] of Object.entries({ restart, poison, watchdog }))
    numbersOf(fields, `${name}.${part}`);
  // The kinds were looked at above, and all other fields are numbers.
  return { restart, poison, watchdog } as unknown as RecoverySettings;
}

function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WorkerRefusal(`Cannot start the worker: ${name} must be an object`);
  }
  return { ...value };
}

function oneOf(value: unknown, allowed: readonly string[], name: string): void {
  if (typeof value === 'string' && allowed.includes(value)) {
    return;
  }
  throw new WorkerRefusal(
    `Cannot start the worker: ${name} is ${JSON.stringify(value)}, it must be one of ${allowed.join(', ')}`,
  );
}

function numbersOf(fields: Readonly<Record<string, unknown>>, name: string): void {
  for (const [field, value] of Object.entries(fields)) {
    if (field !== 'kind' && field !== 'policy' && (typeof value !== 'number' || value < 0)) {
      throw new WorkerRefusal(
        `Cannot start the worker: ${name}.${field} is ${JSON.stringify(value)}, it must be a number from 0`,
      );
    }
  }
}

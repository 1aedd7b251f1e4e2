/** Keeps the tasks of services at their desired count. */
import type { ServiceDefinition } from './task-definition.ts';
import type { TaskRecord } from './task-record.ts';

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;
// A task that ran for so long was well, so its next failure counts as the first.
const healthyMs = 60_000;

interface Supervised {
  readonly definition: ServiceDefinition;
  delayMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** One scheduler for all services of the cloud. */
export class ServiceScheduler {
  readonly #services = new Map<string, Supervised>();
  readonly #run: (service: ServiceDefinition) => void;
  #started = false;

  constructor(run: (service: ServiceDefinition) => void) {
    this.#run = run;
  }

  put(definition: ServiceDefinition): void {
    this.#services.set(definition.name, { definition, delayMs: firstDelayMs, timer: undefined });
  }

  all(): ServiceDefinition[] {
    return [...this.#services.values()].map(({ definition }) => definition);
  }

  start(): void {
    this.#started = true;
    for (const { definition } of this.#services.values()) {
      for (let count = 0; count < definition.desiredCount; count += 1) this.#run(definition);
    }
  }

  /** Replaces a task of a service that has stopped, later and later while it keeps failing. */
  onStopped(task: TaskRecord): void {
    // What an earlier process left behind needs no replacement: `start` runs the desired count anyway.
    if (!this.#started) return;
    const service = this.#services.get(serviceOf(task) ?? '');
    if (service === undefined) return;
    const ranMs = (task.stoppedAt ?? 0) - (task.startedAt ?? task.stoppedAt ?? 0);
    if (ranMs >= healthyMs) service.delayMs = firstDelayMs;
    service.timer = setTimeout(() => this.#run(service.definition), service.delayMs);
    service.delayMs = Math.min(longestDelayMs, service.delayMs * 2);
  }

  close(): void {
    for (const { timer } of this.#services.values()) clearTimeout(timer);
    this.#services.clear();
  }
}

/** Group that ECS gives to the tasks of a service. */
export function serviceGroup(name: string): string {
  return `service:${name}`;
}

/** Name of the service that a task belongs to. */
export function serviceOf(task: TaskRecord): string | undefined {
  return task.group.startsWith('service:') ? task.group.slice('service:'.length) : undefined;
}

/** Runs tasks as child processes and carries each from PROVISIONING to STOPPED. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killExactly } from '../../process-identity.ts';
import type { LogStore } from '../logs/log-store.ts';
import { LineSplitter } from '../logs/line-splitter.ts';
import { isObject, object, objects, optionalText, texts } from '../../input.ts';
import { startContainer } from './container-process.ts';
import type { ContainerExit, RunningContainer } from './container-process.ts';
import { freePort } from './free-port.ts';
import type { ContainerDefinition, TaskDefinition } from './task-definition.ts';
import { taskId } from './task-record.ts';
import type { ContainerRecord, TaskRecord } from './task-record.ts';
import type { TaskStore } from './task-store.ts';

const closeGraceMs = 10_000;

/** What the runner needs of its surroundings. */
export interface TaskRunnerOptions {
  readonly store: TaskStore;
  /** Holds one scratch directory a running task. */
  readonly directory: string;
  readonly logs: LogStore;
  /** Environment of every AWS client of this cloud. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** Value of a secret or parameter that a container names. */
  resolveSecret(valueFrom: string): string;
  /** Called after each change of a task's status, when it is stored. */
  onChange(task: TaskRecord): void;
}

interface LiveContainer {
  readonly definition: ContainerDefinition;
  readonly running: RunningContainer;
}

/** The tasks of this process. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #live = new Map<string, LiveContainer[]>();
  readonly #ends = new Map<string, Promise<void>>();
  #closing = false;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Ends what an earlier process left behind, and announces it. */
  reapOrphans(): void {
    for (const task of this.#options.store.notStopped()) {
      for (const container of task.containers) if (container.process) killExactly(container.process);
      this.#stopped(task, { stopCode: 'TerminationNotice', stoppedReason: 'the local platform restarted' });
    }
    rmSync(this.#options.directory, { recursive: true, force: true });
  }

  /** Starts a task that is stored as PROVISIONING; it goes on by itself. */
  start(task: TaskRecord, definition: TaskDefinition): void {
    const end = this.#run(task, definition).finally(() => this.#ends.delete(task.arn));
    this.#ends.set(task.arn, end);
  }

  /** SIGTERM now, SIGKILL after each container's stop timeout. */
  stop(arn: string, stopCode: string, stoppedReason: string): TaskRecord | undefined {
    const task = this.#options.store.get(arn);
    if (task === undefined || task.desiredStatus === 'STOPPED') return task;
    const stopping = this.#change(task, {
      desiredStatus: 'STOPPED',
      stoppingAt: Date.now(),
      stopCode,
      stoppedReason,
    });
    this.#terminate(arn);
    return stopping;
  }

  /** Ends all tasks but keeps their records, so that the next process announces what became of them. */
  async close(): Promise<void> {
    this.#closing = true;
    const all = [...this.#live.values()].flat();
    for (const { running } of all) running.signal('SIGTERM');
    const timer = setTimeout(() => {
      for (const { running } of all) running.signal('SIGKILL');
    }, closeGraceMs);
    await Promise.allSettled(this.#ends.values());
    clearTimeout(timer);
  }

  async #run(task: TaskRecord, definition: TaskDefinition): Promise<void> {
    const directory = join(this.#options.directory, taskId(task));
    try {
      const containers = await this.#assignPorts(definition);
      let current = this.#change(task, { status: 'PENDING', containers });
      if (this.#closing || this.#isStopping(task)) return this.#stopped(this.#latest(current), {});
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const live = definition.containers.map((container) => ({
        definition: container,
        running: this.#launch(current, container, { directory, memoryMb: definition.memoryMb }),
      }));
      this.#live.set(task.arn, live);
      const processes = current.containers.map((container, index) => {
        const identity = live[index]?.running.process;
        return identity === undefined ? container : { ...container, process: identity };
      });
      current = this.#change(this.#latest(current), {
        status: 'RUNNING',
        startedAt: Date.now(),
        containers: processes,
      });
      await this.#supervise(current, live);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#stopped(this.#latest(task), {
        stopCode: 'TaskFailedToStart',
        stoppedReason: `ResourceInitializationError: ${reason}`,
      });
    } finally {
      this.#live.delete(task.arn);
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async #assignPorts(definition: TaskDefinition): Promise<ContainerRecord[]> {
    const records: ContainerRecord[] = [];
    for (const container of definition.containers) {
      const ports = [];
      for (const containerPort of container.containerPorts)
        ports.push({ containerPort, hostPort: await freePort() });
      records.push({ name: container.name, image: container.image, ports });
    }
    return records;
  }

  #launch(
    task: TaskRecord,
    container: ContainerDefinition,
    { directory, memoryMb }: { directory: string; memoryMb: number },
  ): RunningContainer {
    const override =
      objects(task.overrides, 'containerOverrides').find((one) => one['name'] === container.name) ?? {};
    const record = task.containers.find(({ name }) => name === container.name);
    const stream = `${container.logStreamPrefix}/${container.name}/${taskId(task)}`;
    const lines = new LineSplitter();
    const command = texts(override, 'command');
    return startContainer({
      entryPoint: container.entryPoint,
      command: command.length > 0 ? command : container.command,
      environment: this.#environment(container, override, record?.ports ?? []),
      directory,
      memoryMb,
      onOutput: (text) => {
        const timestamp = Date.now();
        const messages = lines.push(stream, text).map((message) => ({ timestamp, message }));
        this.#options.logs.append(container.logGroup, stream, messages);
      },
    });
  }

  #environment(
    container: ContainerDefinition,
    override: Record<string, unknown>,
    ports: ContainerRecord['ports'],
  ): Record<string, string> {
    const secrets = Object.entries(container.secrets).map(
      ([name, valueFrom]) => [name, this.#options.resolveSecret(valueFrom)] as const,
    );
    const overridden = objects(override, 'environment').map(
      (pair) => [optionalText(pair, 'name') ?? '', optionalText(pair, 'value') ?? ''] as const,
    );
    const declared = [...Object.entries(container.environment), ...secrets, ...overridden];
    // On AWS a task has an address of its own; here two tasks cannot both listen on 8081, so the variable that
    // tells the program its port names the one that it really gets.
    const moved = declared.map(([name, value]) => {
      const port = name.endsWith('PORT')
        ? ports.find(({ containerPort }) => String(containerPort) === value)
        : undefined;
      return [name, port === undefined ? value : String(port.hostPort)] as const;
    });
    return { ...this.#options.clientEnvironment, ...Object.fromEntries(moved) };
  }

  async #supervise(task: TaskRecord, live: readonly LiveContainer[]): Promise<void> {
    const exits = live.map(async ({ definition, running }) => {
      const exit = await running.exited;
      if (definition.essential) this.#terminate(task.arn);
      return exit;
    });
    if (this.#isStopping(task)) this.#terminate(task.arn);
    const ended = await Promise.all(exits);
    if (this.#closing) return;
    const latest = this.#latest(task);
    const containers = latest.containers.map((container, index) => ({ ...container, ...ended[index] }));
    const stop = latest.stopCode === undefined ? reasonOfEnd(ended) : {};
    this.#stopped({ ...latest, containers }, stop);
  }

  #terminate(arn: string): void {
    for (const { definition, running } of this.#live.get(arn) ?? []) {
      running.signal('SIGTERM');
      const timer = setTimeout(() => running.signal('SIGKILL'), definition.stopTimeoutSeconds * 1000);
      void running.exited.then(() => clearTimeout(timer));
    }
  }

  #stopped(task: TaskRecord, stop: Partial<TaskRecord>): void {
    if (this.#closing) return;
    this.#change(task, { ...stop, status: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: Date.now() });
  }

  #latest(task: TaskRecord): TaskRecord {
    return this.#options.store.get(task.arn) ?? task;
  }

  #isStopping(task: TaskRecord): boolean {
    return this.#latest(task).desiredStatus === 'STOPPED';
  }

  #change(task: TaskRecord, change: Partial<TaskRecord>): TaskRecord {
    const changed = { ...task, ...change, version: task.version + 1 };
    this.#options.store.put(changed);
    this.#options.onChange(changed);
    return changed;
  }
}

function reasonOfEnd(exits: readonly ContainerExit[]): Partial<TaskRecord> {
  const failed = exits.find((exit) => exit.exitCode === undefined);
  if (failed !== undefined)
    return { stopCode: 'TaskFailedToStart', stoppedReason: failed.reason ?? 'unknown' };
  return { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
}

/** Whether overrides have a form that can be carried out. */
export function checkOverrides(overrides: unknown, definition: TaskDefinition): string | undefined {
  if (!isObject(overrides)) return undefined;
  const names = objects(object({ overrides }, 'overrides'), 'containerOverrides').map((one) =>
    String(one['name']),
  );
  const unknown = names.find((name) => !definition.containers.some((container) => container.name === name));
  return unknown === undefined
    ? undefined
    : `Override for container named ${unknown} is not a container in the TaskDefinition.`;
}

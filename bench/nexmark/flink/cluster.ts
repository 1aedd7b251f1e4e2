/** One JobManager and one TaskManager with one slot, as plain processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlinkInstallation } from './install.ts';

const PORT = 8091;
const RPC_PORT = 6133;
/** MB: task heap, and what the process needs besides. */
const TASK_HEAP = 6144;
const FRAMEWORK_HEAP = 128;
const NETWORK = 128;
const MANAGED = 256;
const READY_MS = 180_000;
const LOOK_MS = 100;

/** What Flink's own configuration opens of Java 17. */
const OPENED =
  'lang net io nio lang.reflect text time util util.concurrent util.concurrent.atomic util.concurrent.locks'
    .split(' ')
    .map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`);
const JVM = [
  ...OPENED,
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED',
];

const MANAGER = 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint';
const WORKER = 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner';

/** A cluster for one query: its heap and its compiled code are that query's alone. */
export class FlinkCluster {
  readonly port = PORT;
  readonly #flink: FlinkInstallation;
  readonly #processes: ChildProcess[] = [];

  private constructor(flink: FlinkInstallation) {
    this.#flink = flink;
  }

  static async start(flink: FlinkInstallation): Promise<FlinkCluster> {
    const cluster = new FlinkCluster(flink);
    cluster.#configure();
    cluster.#launch(MANAGER, ['-Xms1g', '-Xmx1g']);
    const heap = TASK_HEAP + FRAMEWORK_HEAP;
    cluster.#launch(WORKER, [
      `-Xms${heap}m`,
      `-Xmx${heap}m`,
      `-XX:MaxDirectMemorySize=${NETWORK + 128}m`,
      '-XX:MaxMetaspaceSize=512m',
    ]);
    await cluster.#ready();
    return cluster;
  }

  /** The processes whose CPU counts: the worker's, and then those that only steer. */
  get pids(): { readonly worker: number; readonly manager: number } {
    const [manager, worker] = this.#processes;
    return { manager: manager?.pid ?? 0, worker: worker?.pid ?? 0 };
  }

  /** What the REST API answers. */
  async rest(route: string): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${PORT}${route}`);
    return answer.json();
  }

  /** Arguments of `java` for a program of ours. */
  get program(): readonly string[] {
    return ['-Xmx1g', ...JVM, ...this.#logging('driver'), '-cp', this.#flink.classPath];
  }

  async stop(): Promise<void> {
    for (const child of this.#processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  #launch(main: string, flags: readonly string[]): void {
    const { runFolder, classPath } = this.#flink;
    const name = main.slice(main.lastIndexOf('.') + 1);
    const out = openSync(path.join(runFolder, `${name}.out`), 'w');
    const command = [
      ...flags,
      ...JVM,
      ...this.#logging(name),
      '-cp',
      classPath,
      main,
      '--configDir',
      this.#configuration,
    ];
    this.#processes.push(
      spawn('java', command, {
        stdio: ['ignore', out, out],
        env: { ...process.env, FLINK_CONF_DIR: this.#configuration },
      }),
    );
  }

  async #ready(): Promise<void> {
    for (let waited = 0; waited < READY_MS; waited += LOOK_MS) {
      await delay(LOOK_MS);
      const overview = await this.rest('/overview').catch(() => undefined);
      if (overview !== undefined && (overview as Record<string, unknown>)['slots-available'] === 1) return;
    }
    await this.stop();
    throw new Error(`Cannot start Flink: no slot after ${READY_MS / 1000} s; see ${this.#flink.runFolder}`);
  }

  get #configuration(): string {
    return path.join(this.#flink.runFolder, 'conf');
  }

  #logging(name: string): readonly string[] {
    return [
      `-Dlog.file=${path.join(this.#flink.runFolder, `${name}.log`)}`,
      `-Dlog4j.configurationFile=file:${path.join(this.#configuration, 'log4j.properties')}`,
    ];
  }

  #configure(): void {
    const { runFolder } = this.#flink;
    rmSync(runFolder, { recursive: true, force: true });
    mkdirSync(this.#configuration, { recursive: true });
    mkdirSync(path.join(runFolder, 'tmp'));
    writeFileSync(
      path.join(this.#configuration, 'config.yaml'),
      configurationText(path.join(runFolder, 'tmp')),
    );
    writeFileSync(path.join(this.#configuration, 'log4j.properties'), LOGGING);
  }
}

/** Everything that it does not name has Flink's default; no checkpoints. */
function configurationText(temporary: string): string {
  const options = {
    'jobmanager.rpc.address': '127.0.0.1',
    'jobmanager.rpc.port': RPC_PORT,
    'jobmanager.bind-host': '127.0.0.1',
    'rest.address': '127.0.0.1',
    'rest.bind-address': '127.0.0.1',
    'rest.port': PORT,
    'jobmanager.memory.heap.size': '1024m',
    'taskmanager.host': '127.0.0.1',
    'taskmanager.bind-host': '127.0.0.1',
    'taskmanager.numberOfTaskSlots': 1,
    'taskmanager.cpu.cores': '2.0',
    'taskmanager.memory.framework.heap.size': `${FRAMEWORK_HEAP}m`,
    'taskmanager.memory.framework.off-heap.size': '128m',
    'taskmanager.memory.task.heap.size': `${TASK_HEAP}m`,
    'taskmanager.memory.task.off-heap.size': '0m',
    'taskmanager.memory.network.min': `${NETWORK}m`,
    'taskmanager.memory.network.max': `${NETWORK}m`,
    'taskmanager.memory.managed.size': `${MANAGED}m`,
    'taskmanager.memory.jvm-metaspace.size': '512m',
    'taskmanager.memory.jvm-overhead.min': '256m',
    'taskmanager.memory.jvm-overhead.max': '256m',
    'io.tmp.dirs': temporary,
    'state.backend.type': 'hashmap',
  };
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

const LOGGING = `rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
appender.file.name = file
appender.file.type = FILE
appender.file.fileName = \${sys:log.file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
`;

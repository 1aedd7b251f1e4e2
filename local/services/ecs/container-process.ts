/** A container as a child process. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { identify } from '../../process-identity.ts';
import type { ProcessIdentity } from '../../process-identity.ts';
import { orphanGuard } from './orphan-guard.ts';

// What is left of a task's memory beside the heap: code, stacks, buffers.
const heapShare = 0.75;

/** How a container is to run. */
export interface ContainerLaunch {
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly memoryMb: number;
  onOutput(text: string): void;
}

/** How a container ended. */
export interface ContainerExit {
  readonly exitCode?: number;
  readonly reason?: string;
}

/** A started container. */
export interface RunningContainer {
  readonly process: ProcessIdentity | undefined;
  readonly exited: Promise<ContainerExit>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts a container's program; a program that cannot be started counts as a container that ended. */
export function startContainer(launch: ContainerLaunch): RunningContainer {
  const [program = '', ...parameters] = programOf(launch);
  const child = spawn(program, parameters, {
    cwd: launch.directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: launch.directory,
      // What a killed program leaves behind goes with its task.
      TMPDIR: launch.directory,
      // Saves some ten megabytes in a program of several threads.
      MALLOC_ARENA_MAX: '2',
      ...launch.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in the terminal is meant for the platform, which then ends its tasks in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => launch.onOutput(text));
  }
  return {
    process: child.pid === undefined ? undefined : identify(child.pid),
    exited: exitOf(child, program),
    signal: (name) => signal(child, name),
  };
}

function programOf(launch: ContainerLaunch): string[] {
  const given = [...launch.entryPoint, ...launch.command];
  // The entry point of the public Node image puts `node` before anything that is no program.
  const words = given[0] === undefined || given[0].startsWith('-') ? ['node', ...given] : given;
  if (words[0] !== 'node') return words;
  const options = ['--import', orphanGuard];
  const sizes = [...words, launch.environment['NODE_OPTIONS'] ?? ''];
  if (!sizes.some((word) => word.includes('--max-old-space-size'))) {
    options.push(`--max-old-space-size=${Math.floor(launch.memoryMb * heapShare)}`);
  }
  return [process.execPath, ...options, ...words.slice(1)];
}

function exitOf(child: ChildProcess, program: string): Promise<ContainerExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      resolve({ reason: `CannotStartContainerError: cannot run "${program}": ${error.message}` });
    });
    // Not 'exit': the last output comes between the two.
    child.once('close', (code, name) => resolve({ exitCode: code ?? 128 + signalNumber(name) }));
  });
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : constants.signals[name];
}

function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // The whole group, since a shell does not pass a signal on to what it runs.
    process.kill(-child.pid, name);
  } catch {
    child.kill(name);
  }
}

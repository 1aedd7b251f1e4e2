import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from './small-disk.ts';

/** A line of a worker's log. */
export type LogLine = Readonly<Record<string, unknown>>;

const running = new Set<ChildProcess>();
// A run that is broken off must not leave its workers behind, frozen ones least of all.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The process of one attempt, as its supervisor sees it. */
export class WorkerProcess {
  readonly exited: Promise<number | string>;
  /** How it ended: its exit code, or the signal; undefined while it runs. */
  ending: number | string | undefined;
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;

  constructor(
    [program, ...rest]: Command,
    environment: Readonly<Record<string, string>>,
    heard: (line: LogLine) => void,
  ) {
    const child = spawn(program, rest, {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (text) => {
        const line = lineOf(text);
        this.lines.push(line);
        heard(line);
      });
    }
    this.exited = once(child, 'close').then(([code, signal]: unknown[]) => {
      this.ending = typeof code === 'number' ? code : String(signal);
      return this.ending;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#child.kill(name);
  }
}

function lineOf(text: string): LogLine {
  if (!text.startsWith('{')) return { message: text };
  try {
    return JSON.parse(text) as LogLine; // one object a line
  } catch {
    return { message: text }; // The process was killed while it wrote.
  }
}

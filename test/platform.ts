/** The whole platform as a user starts it: a process of its own over a temporary data directory. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient, type Client } from '#contract/api/client.ts';

const root = resolve(import.meta.dirname, '..');

export interface Platform {
  readonly directory: string;
  readonly url: string;
  readonly awsEndpoint: string;
  readonly client: Client;
  /** Starts it, or starts it again over the same data; resolves at its ready line. */
  start(): Promise<void>;
  /** Ctrl-C: resolves with the exit code. */
  stop(): Promise<number | null>;
  /** `kill -9` of the platform's main process; its children end by themselves. */
  kill(): Promise<void>;
  /** `kill -9` of a random one of its child processes whose command line contains the text; false when none runs. */
  killChild(text: string, random: () => number): boolean;
  /** Stops it and removes the data. */
  remove(): Promise<void>;
}

/** Its ports stay the same when it is started again, so that clients find it as users would. */
export async function platform(...flags: readonly string[]): Promise<Platform> {
  const directory = mkdtempSync(join(tmpdir(), 'headwater-'));
  const [port, awsPort] = [await freePort(), await freePort()];
  let child: ChildProcess | undefined;
  let output = '';

  async function start(): Promise<void> {
    const ports = ['--port', String(port), '--aws-port', String(awsPort)];
    const args = ['cli/main.ts', 'dev', ...ports, '--data', directory, ...flags];
    const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    output = '';
    await new Promise<void>((ready, failed) => {
      const listen = (text: Buffer): void => {
        output += text.toString();
        if (output.includes('Headwater is ready at')) ready();
      };
      started.stdout.on('data', listen);
      started.stderr.on('data', listen);
      started.once('exit', (code) => failed(new Error(`The platform ended with code ${code}:\n${output}`)));
    });
  }

  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<number | null> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }

  return {
    directory,
    url: `http://127.0.0.1:${port}`,
    awsEndpoint: `http://127.0.0.1:${awsPort}`,
    client: createClient({ url: `http://127.0.0.1:${port}` }),
    start,
    stop: () => end('SIGINT'),
    kill: async () => void (await end('SIGKILL')),
    killChild(text, random) {
      const victims = descendants(child?.pid ?? 0).filter(({ command }) => command.includes(text));
      const victim = victims[Math.floor(random() * victims.length)];
      if (victim === undefined) return false;
      process.kill(victim.pid, 'SIGKILL');
      return true;
    },
    async remove() {
      await end('SIGINT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port');
  return address.port;
}

interface Running {
  readonly pid: number;
  readonly command: string;
}

/** Processes below `parent`, read from /proc. */
export function descendants(parent: number): Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), ppid, command }];
      } catch {
        return []; // It ended while it was being read.
      }
    });
  const below = (pid: number): Running[] =>
    all.filter(({ ppid }) => ppid === pid).flatMap((process) => [process, ...below(process.pid)]);
  return below(parent);
}

/** The whole platform as a user starts it, and its command line. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '../..');
const CLI = path.join(ROOT, 'cli/main.ts');

const runFile = promisify(execFile);

export class PlatformProcess {
  /** Also for what the benchmark writes. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'headwater-recovery-'));
  readonly #process: ChildProcess;
  #url = '';

  constructor() {
    const args = [
      'dev',
      '--no-demo',
      '--port',
      '0',
      '--aws-port',
      '0',
      '--data',
      path.join(this.folder, 'data'),
    ];
    this.#process = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Once it is ready. */
  get url(): string {
    return this.#url;
  }

  /** Waits for its ready line. */
  async ready(): Promise<void> {
    let output = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const listen = (text: Buffer): void => {
      output += text.toString();
      const [, url] = /Headwater is ready at (\S+)/.exec(output) ?? [];
      if (url === undefined) return;
      this.#url = url;
      resolve();
    };
    this.#process.stdout?.on('data', listen);
    this.#process.stderr?.on('data', listen);
    this.#process.once('exit', (code) =>
      reject(new Error(`The platform ended with code ${code}: ${output}`)),
    );
    await promise;
  }

  /** Runs `headwater` with these arguments against it. */
  async command(...args: readonly string[]): Promise<string> {
    const { stdout } = await runFile(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...process.env, HEADWATER_URL: this.#url },
    });
    return stdout;
  }

  /** Ends it with its data. */
  async remove(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

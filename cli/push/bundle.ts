/** From a program's entry file to the bundle that workers run, and to the description that the platform keeps. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, stop, type BuildOptions, type Plugin } from 'esbuild';
import * as z from 'zod';
import { GraphDescription } from '#contract/resources/application-version.ts';
import { CliError, exitCode } from '../exit-code.ts';

const run = promisify(execFile);
const DESCRIBE_TIMEOUT_MS = 30_000;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const Description = z.object({
  name: z.string(),
  graph: GraphDescription,
  graphHash: z.string(),
  configurationSchema: z.record(z.string(), z.unknown()).nullable(),
});

export interface Bundle extends z.infer<typeof Description> {
  readonly code: Uint8Array;
  readonly sha256: string;
}

const StateChanges = z.array(
  z.object({
    operator: z.string(),
    state: z.string(),
    effect: z.enum(['incompatible', 'lost', 'converted']),
    reason: z.string(),
  }),
);
export type StateChange = z.infer<typeof StateChanges>[number];

/** Values of `process.env` that are fixed when the program is bundled: a job has no environment of its author's. */
export type Constants = Readonly<Record<string, string>>;

/**
 * The bundle's bytes depend on the program alone: not on the machine, nor on the folder that it lies in or is pushed
 * from.
 *
 * Errors: `CliError` with the compiler's or the program's own words.
 */
export async function bundleApplication(entry: string, constants: Constants = {}): Promise<Bundle> {
  const file = resolve(entry);
  const define = Object.fromEntries(
    Object.entries(constants).map(([name, text]) => [`process.env.${name}`, JSON.stringify(text)]),
  );
  const code = await compile({
    entryPoints: [file],
    define,
    // All names of files in the bundle are relative to it.
    absWorkingDir: dirname(file),
    external: ['headwater', 'headwater/*'],
    sourcemap: 'inline',
    // Else stack traces would name the folder that a worker happened to unpack the bundle into.
    sourceRoot: 'application:///',
  });
  const sha256 = createHash('sha256').update(code).digest('hex');
  const description = await describe(file, define);
  // The bundler's own process would stay for as long as this one lives.
  await stop();
  return { ...description, code, sha256 };
}

/** The application's name. Errors: as {@link bundleApplication}. */
export async function applicationName(entry: string): Promise<string> {
  const { name } = await describe(resolve(entry));
  await stop();
  return name;
}

/** What becomes of the state of an older graph under this program. Errors: as {@link bundleApplication}. */
export async function stateChanges(entry: string, before: GraphDescription): Promise<readonly StateChange[]> {
  const description = `(program) => stateChanges(${JSON.stringify(before)}, describeApplication(program).graph)`;
  const changes = StateChanges.parse(await runProgram(resolve(entry), description));
  await stop();
  return changes;
}

async function describe(
  file: string,
  define: Readonly<Record<string, string>> = {},
): Promise<z.infer<typeof Description>> {
  return Description.parse(await runProgram(file, 'describeApplication', define));
}

/**
 * Runs the program once, here on its author's machine, in a process of its own: building a graph runs no stream.
 * `description` is code of a function that gives of the program what is wanted.
 */
async function runProgram(
  file: string,
  description: string,
  define: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'headwater-push-'));
  try {
    const script = join(directory, 'describe.mjs');
    const source = [
      `import { describeApplication, stateChanges } from 'headwater';`,
      `import { describeProgram } from ${JSON.stringify(join(root, 'cli/push/describe-program.ts'))};`,
      `await describeProgram(() => import(${JSON.stringify(file)}), ${description});`,
    ].join('\n');
    const code = await compile({
      stdin: { contents: source, resolveDir: root },
      define: { ...define },
      sourcemap: 'inline',
      alias: { headwater: join(root, 'engine/index.ts'), ...connectorAliases() },
      plugins: [withoutClients],
    });
    await writeFile(script, code);
    const { stdout } = await run(process.execPath, ['--enable-source-maps', script], {
      maxBuffer: 64 * 1024 * 1024,
      timeout: DESCRIBE_TIMEOUT_MS,
    });
    return JSON.parse(stdout);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const isLate = typeof cause === 'object' && cause !== null && 'killed' in cause && cause.killed === true;
    const reason = isLate
      ? `it did not end within ${DESCRIBE_TIMEOUT_MS / 1000} seconds; a program only describes its graph`
      : // The places that it names lie in the author's folders, not in that of the script.
        outputOf(cause).replaceAll(`${directory}/`, '');
    throw new CliError(exitCode.failed, `Cannot use ${file}: its graph cannot be built\n${reason}`, {
      cause,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Building a graph opens no connection, so the clients of AWS need not be there. */
const withoutClients: Plugin = {
  name: 'without-clients',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^@(aws-sdk|smithy)\// }, ({ path }) => ({ path, namespace: 'client' }));
    pluginBuild.onLoad({ filter: /./, namespace: 'client' }, () => ({ contents: 'module.exports = {};' }));
  },
};

async function compile(options: BuildOptions): Promise<Uint8Array> {
  try {
    const result = await build({
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      keepNames: true,
      legalComments: 'none',
      logLevel: 'silent',
      ...options,
    });
    const [output] = result.outputFiles ?? [];
    if (output === undefined) throw new Error('esbuild wrote nothing');
    return output.contents;
  } catch (cause) {
    throw new CliError(exitCode.failed, `Cannot bundle the application: ${outputOf(cause)}`, { cause });
  }
}

function connectorAliases(): Record<string, string> {
  const folder = join(root, 'engine/connectors');
  const entries = readdirSync(folder).map((name) => [name, join(folder, name, 'index.ts')] as const);
  return Object.fromEntries(
    entries
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [`headwater/connectors/${name}`, file]),
  );
}

/** What a program that was run has printed, or why it could not be run. */
export function outputOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const text = ['stdout', 'stderr']
    .map((name) => (name in error ? String(Reflect.get(error, name)) : ''))
    .join('')
    .trim();
  return text || ('message' in error ? String(error.message) : 'no reason given');
}

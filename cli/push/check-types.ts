/** `tsc` over the program alone, by the settings of its own project where it has some. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CliError, exitCode } from '../exit-code.ts';
import { outputOf } from './bundle.ts';

const run = promisify(execFile);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What Node's own type stripping asks for; used where the program has no `tsconfig.json`. */
const DEFAULTS = {
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  module: 'nodenext',
  target: 'esnext',
  types: ['node'],
};

/** Errors: `CliError` with the compiler's words, which begin with file, line and column. */
export async function checkTypes(entry: string): Promise<void> {
  if (!existsSync(entry)) {
    throw new CliError(exitCode.usage, `Cannot use ${entry}: there is no such file in ${process.cwd()}`);
  }
  const file = resolve(entry);
  const project = projectOf(dirname(file));
  const directory = await mkdtemp(join(tmpdir(), 'headwater-types-'));
  const config = join(directory, 'tsconfig.json');
  // Not the whole project: what the program imports, and nothing that only lies beside it.
  const settings = {
    ...(project === undefined ? {} : { extends: project }),
    compilerOptions: {
      ...(project === undefined ? DEFAULTS : {}),
      noEmit: true,
      composite: false,
      incremental: false,
      typeRoots: [...new Set([dirname(project ?? file), root])].map((at) => join(at, 'node_modules/@types')),
    },
    include: [],
    files: [file],
  };
  try {
    await writeFile(config, JSON.stringify(settings));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '--pretty', 'false', '--project', config]);
  } catch (cause) {
    throw new CliError(exitCode.failed, `Cannot use ${entry}: it does not type-check\n${outputOf(cause)}`, {
      cause,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The nearest `tsconfig.json`, in the program's folder or above it as far as its package reaches. */
function projectOf(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const config = join(at, 'tsconfig.json');
    if (existsSync(config)) return config;
    if (existsSync(join(at, 'package.json')) || dirname(at) === at) return undefined;
  }
}

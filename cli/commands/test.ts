/** Tests an application before it is pushed: its own tests, and whether the newest version's state would survive it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '#contract/api/client.ts';
import { Problem } from '#contract/problems.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Command } from '../command.ts';
import { CliError, exitCode } from '../exit-code.ts';
import type { StateChange } from '../push/bundle.ts';

export const test: Command = {
  path: ['test'],
  summary: "run an application's tests, and compare its state with that of its newest version",
  arguments: [
    {
      name: 'folder',
      about: 'where the application and its *.test.ts files lie; default here',
      optional: true,
    },
  ],
  flags: {
    application: {
      type: 'string',
      about: 'the file that exports it by default; FOLDER/application.ts if not given',
    },
    against: { type: 'string', about: 'the version whose state must survive; the newest if not given' },
  },
  examples: ['test watch', 'test watch --against 3'],
  async run({ client, namespace, args, flags, say }) {
    const folder = args['folder'] ?? '.';
    const files = testFiles(folder);
    const entry = textOf(flags['application']) ?? join(folder, 'application.ts');
    if (files.length === 0 && !existsSync(entry)) {
      throw new CliError(
        exitCode.usage,
        `Cannot test "${folder}": there is neither an application.ts nor a *.test.ts in it; name the folder of your application`,
      );
    }
    const passed = files.length === 0 || (await runTests(files));
    const compared = existsSync(entry)
      ? await compare(entry, { client, namespace, against: textOf(flags['against']), say })
      : undefined;
    const incompatible = compared?.changes.some(({ effect }) => effect === 'incompatible') === true;
    return {
      body: {
        passed,
        application: entry,
        against: compared?.version ?? null,
        changes: compared?.changes ?? [],
      },
      view: {
        kind: 'record',
        fields: [
          ['Tests', files.length === 0 ? 'none' : passed ? 'passed' : 'failed'],
          ['State', compared === undefined ? 'not compared' : verdict(compared)],
          ...(compared?.changes ?? []).map(({ operator, state, effect, reason }): [string, string] => [
            `${effect} ${operator}.${state}`,
            reason,
          ]),
        ],
      },
      exit: passed && !incompatible ? exitCode.ok : exitCode.failed,
    };
  },
};

interface Compared {
  readonly version: number;
  readonly changes: readonly StateChange[];
}

interface Comparison {
  readonly client: () => Promise<Client>;
  readonly namespace: string;
  readonly against: string | undefined;
  readonly say: (line: string) => void;
}

function testFiles(folder: string): readonly string[] {
  return globSync(['**/*.test.ts', '**/*.test.mts', '**/*.test.mjs', '**/*.test.js'], {
    cwd: folder,
    exclude: ['**/node_modules/**'],
  })
    .sort()
    .map((file) => join(folder, file));
}

/** Node's own runner, in a process of its own; what it prints goes to stderr, since stdout is the result's. */
async function runTests(files: readonly string[]): Promise<boolean> {
  const reporter = ['--test', '--test-reporter=spec', '--test-reporter-destination=stderr'];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...reporter, ...files], {
    stdio: ['ignore', 2, 2],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

/** Undefined where there is nothing to compare with, and nobody asked for a version by its number. */
async function compare(entry: string, comparison: Comparison): Promise<Compared | undefined> {
  const [{ checkTypes }, { applicationName, stateChanges }] = await Promise.all([
    import('../push/check-types.ts'),
    import('../push/bundle.ts'),
  ]);
  await checkTypes(entry);
  const application = await applicationName(entry);
  const version = await versionOf(application, comparison);
  if (version === undefined) return undefined;
  return { version: version.version, changes: await stateChanges(entry, version.graph) };
}

async function versionOf(
  application: string,
  { client, namespace, against, say }: Comparison,
): Promise<ApplicationVersion | undefined> {
  const params = { namespace, application };
  try {
    const platform = await client();
    if (against !== undefined) {
      return await platform.get('getApplicationVersion', { params: { ...params, version: against } });
    }
    const { items } = await platform.get('listApplicationVersions', { params, query: { limit: 200 } });
    return items.reduce<ApplicationVersion | undefined>(
      (newest, each) => (newest === undefined || each.version > newest.version ? each : newest),
      undefined,
    );
  } catch (error) {
    const isAbsent = error instanceof CliError || (error instanceof Problem && error.code === 'not-found');
    if (against !== undefined || !isAbsent) throw error;
    say(`State was not compared: ${error.message}`);
    return undefined;
  }
}

function verdict({ version, changes }: Compared): string {
  const incompatible = changes.filter(({ effect }) => effect === 'incompatible').length;
  return incompatible === 0
    ? `fits version ${version}`
    : `does not fit version ${version}: ${incompatible} incompatible`;
}

function textOf(flag: string | boolean | readonly string[] | undefined): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}

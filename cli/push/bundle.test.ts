import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applicationName, bundleApplication, stateChanges } from './bundle.ts';
import { checkTypes } from './check-types.ts';

const root = resolve(import.meta.dirname, '../..');
const PUSH_TIMEOUT_MS = 60_000;
let directory: string;

beforeAll(() => {
  // Inside the checkout, where "headwater" resolves as it does for whoever writes an application here.
  mkdirSync(join(root, 'build'), { recursive: true });
  directory = mkdtempSync(join(root, 'build/push-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function program(name: string, text: string): string {
  const file = join(directory, `${name}.ts`);
  writeFileSync(file, text);
  return file;
}

function withBuild(build: string): string {
  return [
    "import { application, count, t, tumbling } from 'headwater';",
    "import { kinesis } from 'headwater/connectors/kinesis';",
    'const Click = t.row({ page: t.string, at: t.instant });',
    "const clicks = kinesis({ stream: 'clicks', schema: Click, time: (click) => click.at });",
    `export default application('clicks', { ${build} });`,
  ].join('\n');
}

test("the README's program type-checks and describes its graph", { timeout: PUSH_TIMEOUT_MS }, async () => {
  const [, text = ''] = /```ts\n(.+?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  const file = program('readme', text);
  await checkTypes(file);
  const { name, graph } = await bundleApplication(file);
  expect(name).toBe('payments-by-country');
  expect(graph.nodes.map((node) => node.name)).toEqual(['payments', 'per-country', 'results']);
});

test('a program with a wrong type is refused with file and line', { timeout: PUSH_TIMEOUT_MS }, async () => {
  const file = program(
    'types',
    withBuild("build({ source }) { source('clicks', clicks).filter((c) => c.pag); }"),
  );
  await expect(checkTypes(file)).rejects.toThrow(/^Cannot use .+\n[\s\S]*types\.ts\(5,\d+\): error TS2551/);
});

test.each([
  [
    'throws',
    withBuild("build() { throw new Error('boom'); }"),
    /application "clicks": boom\n {2}at .*throws\.ts:5:/,
  ],
  [
    'asynchronous',
    withBuild('async build() { await null; }'),
    /build is asynchronous; describe the graph without/,
  ],
  ['empty', withBuild('build() {}'), /it has no source; begin with source/],
  ['exports a number', 'export default 5;', /it exports no application; write "export default application/],
  [
    'gives two operators one name',
    withBuild(
      "build({ source }) { source('a', clicks).keyBy((c) => c.page).window(tumbling('1 minute')).aggregate('a', { n: count() }); }",
    ),
    /Cannot add window "a": a source has this name already/,
  ],
])('a program that %s is refused with its cause', { timeout: PUSH_TIMEOUT_MS }, async (name, text, cause) => {
  const file = program(name.replaceAll(' ', '-'), text);
  await expect(bundleApplication(file)).rejects.toThrow(cause);
});

test(
  'the same program is the same bundle in whatever folder it lies',
  { timeout: PUSH_TIMEOUT_MS },
  async () => {
    const text = withBuild(
      "build({ source }) { source('clicks', clicks).map((c) => LIMIT + c.page, 'limited'); }",
    );
    const entries = ['here', 'there/below'].map((folder) => {
      const at = join(directory, folder);
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'limit.ts'), "export const LIMIT = process.env['LIMIT'] ?? 'none';\n");
      writeFileSync(join(at, 'application.ts'), `import { LIMIT } from './limit.ts';\n${text}`);
      return join(at, 'application.ts');
    });
    const [here, there] = await Promise.all(entries.map((entry) => bundleApplication(entry)));
    expect(there?.sha256).toBe(here?.sha256);
    const limited = await bundleApplication(entries[0] ?? '', { LIMIT: '5' });
    expect(limited.sha256).not.toBe(here?.sha256);
    expect(Buffer.from(limited.code).toString()).toContain('"5"');
  },
);

test("a program is checked by its own project's settings", { timeout: PUSH_TIMEOUT_MS }, async () => {
  const at = join(directory, 'project');
  mkdirSync(at);
  const entry = join(at, 'application.ts');
  writeFileSync(entry, 'export const first: string = ["a"][0];\n');
  writeFileSync(join(at, 'unrelated.ts'), 'export const wrong: string = 5;\n');
  const settings = (compilerOptions: object): void =>
    writeFileSync(join(at, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  settings({ strict: true });
  await checkTypes(entry);
  settings({ strict: true, noUncheckedIndexedAccess: true });
  await expect(checkTypes(entry)).rejects.toThrow(/application\.ts\(1,14\): error TS2322/);
});

test('what becomes of the state of an older graph is told', { timeout: PUSH_TIMEOUT_MS }, async () => {
  const counting = (type: string): string =>
    program(
      `counting-${type}`,
      withBuild(
        `build({ source }) { source('clicks', clicks).keyBy((c) => c.page)
          .process('seen', { output: t.string, state: { last: value(t.${type}) }, onRecord: () => undefined }); }`,
      ).replace('{ application', '{ value, application'),
    );
  const { graph } = await bundleApplication(counting('string'));
  expect(await applicationName(counting('int'))).toBe('clicks');
  expect(await stateChanges(counting('string'), graph)).toEqual([]);
  expect(await stateChanges(counting('int'), graph)).toMatchObject([
    {
      operator: 'seen',
      state: 'last',
      effect: 'incompatible',
      reason: expect.stringContaining('written as STRING, the program declares'),
    },
  ]);
});

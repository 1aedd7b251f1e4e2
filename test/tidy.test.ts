/** The code about itself: who imports whom, names, sizes, and what the documents promise. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { operationIds } from '#contract/api/routes.ts';
import { problemCodes } from '#contract/problems.ts';
import { importTable, type ImportRule } from './import-table.ts';

const root = resolve(import.meta.dirname, '..');
const sources = globSync(
  '{contract,engine,functions,infra,local,cli,console,examples,bench,test}/**/*.{ts,tsx}',
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
).sort();
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const isTest = (file: string): boolean =>
  /\.(test|contract|fixture)\.tsx?$/.test(file) || file.startsWith('test/');

/** Everything that a file imports, statically or lazily, type imports included. */
function importsOf(source: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function ruleOf(file: string): ImportRule | undefined {
  return importTable
    .filter(({ folder }) => file === folder || file.startsWith(`${folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Why an import is against the table; undefined when it is allowed. */
function violation(file: string, specifier: string): string | undefined {
  const rule = ruleOf(file);
  if (rule === undefined) return `${file} stands in no folder of the table`;
  if (isBuiltin(specifier)) return undefined;
  if (specifier === 'headwater' || specifier.startsWith('headwater/')) {
    return rule.mayImport.includes('headwater') || isTest(file) ? undefined : `${file} -> ${specifier}`;
  }
  const target = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(file), specifier))
      : undefined;
  if (target === undefined) return packageViolation(file, specifier, rule);
  const inside = target === rule.folder || target.startsWith(`${rule.folder}/`);
  const allowed = rule.mayImport.some((folder) => target === folder || target.startsWith(`${folder}/`));
  return inside || allowed ? undefined : `${file} -> ${target}`;
}

function packageViolation(file: string, specifier: string, rule: ImportRule): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  // A test beside its file may use the test runner, and what it needs to be a client from outside.
  if (isTest(file)) return undefined;
  const allowed = rule.packages.some(
    (entry) =>
      entry === '*' || entry === name || (entry.endsWith('/*') && name.startsWith(entry.slice(0, -1))),
  );
  return allowed ? undefined : `${file} -> package ${name}`;
}

describe('imports', () => {
  test('every import follows the table', () => {
    const found = sources
      // Tests beside their file may reach across folders: they are not part of the product.
      .filter((file) => !isTest(file))
      .flatMap((file) => importsOf(text(file)).map((specifier) => violation(file, specifier)))
      .filter((entry) => entry !== undefined);
    expect(found).toEqual([]);
  });

  test('the scan sees the whole project', () => {
    const counted = sources.flatMap((file) => importsOf(text(file))).length;
    expect(sources.length).toBeGreaterThan(300);
    expect(counted).toBeGreaterThan(1000);
  });

  test('a planted violation is caught', () => {
    expect(violation('engine/data/schema.ts', '#functions/stores/table.ts')).toBeDefined();
    expect(violation('engine/data/schema.ts', '../runtime/ring.ts')).toBeDefined();
    expect(violation('engine/runtime/ring.ts', 'lodash')).toBeDefined();
    expect(violation('functions/control/plan.ts', '@aws-sdk/client-s3')).toBeDefined();
    expect(violation('local/services/s3/s3.ts', '#contract/names.ts')).toBeDefined();
    expect(violation('examples/payments-dashboard/application.ts', '../../engine/index.ts')).toBeDefined();
    expect(importsOf(`import { a } from './a.ts';\nimport 'b';\nconst c = await import('c');`)).toEqual([
      './a.ts',
      'b',
      'c',
    ]);
  });
});

describe('names and sizes', () => {
  test('no folder or file is called by a word that says nothing', () => {
    const empty = /^(utils?|helpers?|common|misc|shared|lib|src|types|manager|base-.*|.*-impl)$/;
    const named = sources.filter((file) =>
      file.split('/').some((part) => empty.test(part.replace(/(\.test|\.contract)?\.tsx?$/, ''))),
    );
    expect(named).toEqual([]);
  });

  test('index files exist only as registries and facades', () => {
    const allowed =
      /^(engine\/index\.ts|engine\/testing\/index\.ts|engine\/connectors\/[a-z]+\/index\.ts|cli\/commands\/index\.ts|functions\/(api|steps)\/index\.ts|local\/.*\/index\.ts|bench\/index\.ts)$/;
    expect(sources.filter((file) => basename(file) === 'index.ts' && !allowed.test(file))).toEqual([]);
  });

  test('no file is longer than 500 lines of code', () => {
    const long = sources
      .filter((file) => !isTest(file))
      .map(
        (file) =>
          [
            file,
            text(file)
              .split('\n')
              .filter((line) => !/^\s*(\/\/|\*|\/\*|$)/.test(line)).length,
          ] as const,
      )
      .filter(([, lines]) => lines > 500);
    expect(long).toEqual([]);
  });

  test('nothing re-exports everything', () => {
    expect(sources.filter((file) => /^export \* from/m.test(text(file)))).toEqual([]);
  });
});

describe('hidden inputs', () => {
  test('the engine reads clock, randomness and environment only through its host', () => {
    const hidden = /\bDate\.now\(|\bMath\.random\(|\bprocess\.env\b/;
    const free = ['engine/worker/', 'engine/rest/'];
    const found = sources.filter(
      (file) =>
        (file.startsWith('engine/') ||
          file.startsWith('contract/') ||
          file.startsWith('functions/control/')) &&
        !isTest(file) &&
        !free.some((folder) => file.startsWith(folder)) &&
        hidden.test(text(file).replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')),
    );
    expect(found).toEqual([]);
  });
});

describe('tables', () => {
  test('every route has its handler', () => {
    const kebab = (id: string): string => id.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const missing = operationIds.filter((id) => !existsSync(join(root, `functions/api/${kebab(id)}.ts`)));
    expect(missing).toEqual([]);
  });

  test('every problem is explained in the glossary', () => {
    const glossary = text('docs/glossary.md');
    expect(problemCodes.filter((code) => !glossary.includes(`\`${code}\``))).toEqual([]);
  });

  test('every top-level folder is in the map of the README', () => {
    const readme = text('README.md');
    const folders = new Set(sources.map((file) => file.split('/')[0] ?? ''));
    expect([...folders].filter((folder) => !readme.includes(`${folder}/`))).toEqual([]);
  });

  test('every link between documents resolves', () => {
    const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
    const broken = documents.flatMap((file) =>
      [...text(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] ?? '')
        .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(resolve(root, dirname(file), link)))
        .map((link) => `${file} -> ${link}`),
    );
    expect(documents.length).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });

  test('README stays within 150 lines and architecture within 200', () => {
    expect(text('README.md').split('\n').length).toBeLessThanOrEqual(150);
    expect(text('docs/architecture.md').split('\n').length).toBeLessThanOrEqual(200);
  });
});

describe('words', () => {
  test('nothing is left open in the code', () => {
    const open = /\b(TODO|FIXME|XXX|HACK)\b|\.(skip|only)\(/;
    expect(sources.filter((file) => file !== 'test/tidy.test.ts' && open.test(text(file)))).toEqual([]);
  });
});

/** What documents tell people to type exists. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commonFlags } from '../../cli/command.ts';
import { commands } from '../../cli/commands/index.ts';

const root = resolve(import.meta.dirname, '../..');
const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];

/** Lines of code blocks that call the command line, without their remarks. */
function callsIn(file: string): string[] {
  const blocks = readFileSync(join(root, file), 'utf8').matchAll(/^```\w*\n(.*?)^```/gms);
  return [...blocks]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => /^(?:HEADWATER_\w+=\S+ )?(?:npx )?headwater (.+)$/.exec(line)?.[1])
    .filter((call) => call !== undefined)
    .map((call) => call.replace(/\s#.*$/, '').replace(/\s<\s.*$/, ''));
}

/** What is wrong with a call; undefined when the command and all flags exist. */
function faultOf(call: string): string | undefined {
  const words = call.replaceAll(/"[^"]*"|'[^']*'/g, 'text').split(/\s+/);
  if (words[0]?.startsWith('--') === true) return undefined;
  const command = commands.find(({ path }) => path.every((word, index) => words[index] === word));
  if (command === undefined) return `no such command: ${call}`;
  const flags = { ...command.flags, ...commonFlags };
  const shorts = Object.values(flags).map(({ short }) => short);
  const unknown = words.find((word) => {
    const [, long] = /^--([^=]+)/.exec(word) ?? [];
    if (long !== undefined) return flags[long] === undefined;
    return /^-\w$/.test(word) && !shorts.includes(word.slice(1));
  });
  return unknown === undefined ? undefined : `no such flag ${unknown}: ${call}`;
}

test('every command in the documents exists, with the flags that it is given', () => {
  const calls = documents.flatMap(callsIn);
  expect(calls.length).toBeGreaterThan(40);
  expect(calls.flatMap((call) => faultOf(call) ?? [])).toEqual([]);
});

test('every heading that the log names is in the runbook', () => {
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const sources = globSync('{functions,engine}/**/*.ts', { cwd: root });
  const named = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\brunbook: '([\w-]+)'/g)].map(([, name]) => name),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !runbook.includes(`\n## ${name}\n`))).toEqual([]);
});

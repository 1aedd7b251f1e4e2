import { describe, expect, test } from 'vitest';
import { replacePlaceholders, secretsIn } from './placeholders.ts';

const values = new Map<string, string | number | boolean>([
  ['namespace', 'shop'],
  ['deployment', 'clicks'],
  ['config.shards', 4],
]);
const replaced = (value: unknown) => replacePlaceholders(value, values, '/spec/configuration');

describe('placeholders', () => {
  test('are replaced in texts of every depth, and not in names', () => {
    const document = { '{{namespace}}': ['{{ namespace }}-{{deployment}}', { at: 'x{{deployment}}' }], n: 1 };
    expect(replaced(document)).toEqual({
      value: { '{{namespace}}': ['shop-clicks', { at: 'xclicks' }], n: 1 },
      faults: [],
    });
  });

  test('give their value with its type where a text is nothing else', () => {
    expect(replaced(['{{config.shards}}', 'of {{config.shards}}']).value).toEqual([4, 'of 4']);
  });

  test('are faults with a pointer and a guess where they stand for nothing', () => {
    expect(replaced({ 'a/b': ['{{namspace}}'] }).faults).toEqual([
      {
        pointer: '/spec/configuration/a~1b/0',
        message: 'unknown placeholder "{{namspace}}"; did you mean "{{namespace}}"?',
      },
    ]);
  });

  test('stay as text behind a backslash, and as other tools write their braces', () => {
    expect(replaced(['\\{{namespace}}', '{{#each x}}', '{{ }}', '{namespace}']).value).toEqual([
      '{{namespace}}',
      '{{#each x}}',
      '{{ }}',
      '{namespace}',
    ]);
  });

  test('of secrets stay, and name what is referred to', () => {
    const document = {
      url: 'https://u:{{secret.db-password}}@host',
      list: ['{{ secret.a }}', '\\{{secret.b}}'],
    };
    expect(replaced(document)).toEqual({ value: document, faults: [] });
    expect(secretsIn(document)).toEqual(['a', 'db-password']);
  });
});

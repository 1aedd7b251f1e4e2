import { describe, expect, test } from 'vitest';
import { secretMask } from './secrets.ts';

describe('the mask of secrets', () => {
  const mask = secretMask(
    new Map([
      ['plain', 'hunter2'],
      ['longer', 'hunter2-and-more'],
      ['odd', 'a"b/c\n'],
      ['short', 'ab'],
    ]),
  );

  test('takes them out wherever they stand, the longest first', () => {
    expect(mask('hunter2 hunter2-and-more x-hunter2')).toBe('*** *** x-***');
  });

  test('knows them as JSON and addresses write them', () => {
    expect(mask(JSON.stringify({ password: 'a"b/c\n' }))).toBe('{"password":"***"}');
    expect(mask(`https://host/?key=${encodeURIComponent('a"b/c\n')}`)).toBe('https://host/?key=***');
  });

  test('leaves texts as they are where there are none, or too short ones', () => {
    expect(mask('abc')).toBe('abc');
    expect(secretMask(new Map())('hunter2')).toBe('hunter2');
  });
});

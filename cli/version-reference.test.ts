import { describe, expect, test } from 'vitest';
import { versionReference } from './version-reference.ts';

describe('a version as people write it', () => {
  test.each([
    ['7', '7'],
    ['c8b3f', '@c8b3f'],
    ['@c8b3f', '@c8b3f'],
    // Every digit of a commit may be a decimal one.
    ['@1234567', '@1234567'],
    ['fraud-detection@c8b3f', '@c8b3f'],
  ])('%s is asked for as %s', (text, reference) => {
    expect(versionReference(text, 'fraud-detection')).toBe(reference);
  });

  test.each(['', '0', 'a b', '@', 'x/y'])('"%s" is refused with the forms that there are', (text) => {
    expect(() => versionReference(text)).toThrow(/Cannot use version .*: write its number or its tag/);
  });

  test('of another application is refused', () => {
    expect(() => versionReference('clicks@c8b3f', 'payments')).toThrow(
      'it is one of application "clicks", not of "payments"',
    );
  });
});

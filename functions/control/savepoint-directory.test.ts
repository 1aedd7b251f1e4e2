import { expect, test } from 'vitest';
import { savepointDirectory } from './savepoint-directory.ts';

const of = (text: string): string => savepointDirectory(text, 'state', '01d');

test.each([
  ['s3://state/savepoints/sales/', 'savepoints/sales'],
  ['/savepoints/sales', 'savepoints/sales'],
  ['savepoints', 'savepoints'],
  ['s3://state/checkpoints/01d/savepoints/x', 'checkpoints/01d/savepoints/x'],
])('a directory for savepoints may be %s', (text, key) => {
  expect(of(text)).toBe(key);
});

test.each([
  's3://other/savepoints',
  'file:///tmp/savepoints',
  's3://state/checkpoints/other/savepoints',
  's3://state/bundles',
  'savepointsx',
  'savepoints/../bundles',
  '',
])('a directory for savepoints may not be "%s"', (text) => {
  expect(() => of(text)).toThrow('savepoints of this platform lie below "s3://state/savepoints/"');
});

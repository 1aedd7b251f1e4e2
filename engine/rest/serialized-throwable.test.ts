import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serializedThrowable } from './serialized-throwable.ts';

const recording = new URL('../../test/data/flink-cli/14-savepoint-unknown-job.json', import.meta.url);

describe('a serialized throwable', () => {
  test('begins with the very class descriptions that a real JobManager sends', () => {
    const [, real = ''] = /"serialized-throwable": ?"([^"]+)"/.exec(readFileSync(recording, 'utf8')) ?? [];
    const ours = Buffer.from(
      serializedThrowable({ className: 'A', message: 'm', stackTrace: 's' }),
      'base64',
    );
    // Behind the descriptions stands the cause: there another throwable, here none.
    const descriptions = ours.indexOf(Buffer.from('java/util/List;')) + 'java/util/List;'.length + 2;
    expect(Buffer.from(real, 'base64').subarray(0, descriptions)).toEqual(ours.subarray(0, descriptions));
    expect(descriptions).toBeGreaterThan(300);
  });

  test('writes message, stack and class behind them, in the order of the fields', () => {
    const throwable = { className: 'a.B', message: 'mé', stackTrace: 'at x' };
    const bytes = Buffer.from(serializedThrowable(throwable), 'base64').toString('latin1');
    expect(bytes.endsWith('\x70\x74\x00\x03m\xc3\xa9\x70\x70\x78\x74\x00\x04at x\x74\x00\x03a.B\x70')).toBe(
      true,
    );
  });

  test('writes a text beyond 65,535 bytes as a long one', () => {
    const text = serializedThrowable({ className: 'A', message: 'm', stackTrace: 'x'.repeat(65_536) });
    expect(Buffer.from(text, 'base64').includes(Buffer.from('7c0000000000010000', 'hex'))).toBe(true);
  });
});

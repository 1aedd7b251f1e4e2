import { describe, expect, test } from 'vitest';
import { verbLine } from '../../console/components/cli-line.ts';
import { watermarkLag } from '../../console/components/watermark-lag.ts';
import { ageText, durationText } from '../../console/ui/duration-text.ts';
import { bytesText, countText, rateText } from '../../console/ui/number-text.ts';

describe('a figure', () => {
  test.each([
    [null, '–'],
    [0, '0'],
    [3.14, '3.1'],
    [9999, '9999'],
    [48_210, '48.2 k'],
    [1_000_000, '1.0 M'],
  ])('of %s records per second reads %s', (rate, text) => {
    expect(rateText(rate)).toBe(text);
  });

  test.each([
    [undefined, '–'],
    [999, '999 B'],
    [1_418_220, '1.4 MB'],
    [38_000_000, '38 MB'],
  ])('of %s bytes reads %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test('of a count shows every digit', () => {
    expect(countText(4_103_220)).toBe('4,103,220');
  });

  test.each([
    [840, '840 ms'],
    [3240, '3.2 s'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('of %s ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test('of an age keeps its largest unit and never goes below zero', () => {
    expect([ageText(-500), ageText(59_999), ageText(3_600_000)]).toEqual(['0 s', '59 s', '1 h']);
  });

  test('of a watermark turns when it lies far behind and is a dash when there is none', () => {
    expect(watermarkLag(null, 1000)).toEqual({ amount: '–', unit: '' });
    expect(watermarkLag(0, 4000)).toEqual({ amount: '4', unit: 's' });
    expect(watermarkLag(0, 90_000).tone).toBe('warning');
    expect(watermarkLag(0, 3_600_000).tone).toBe('error');
  });
});

describe('a command line', () => {
  test('carries what the dialog was filled with', () => {
    expect(verbLine('suspend', 'payments-production', {})).toBe(
      'npx headwater deployment suspend payments-production --wait',
    );
    expect(verbLine('start', 'p', { restoreStrategy: { kind: 'savepoint', savepointId: '01j' } })).toBe(
      'npx headwater deployment start p --restore 01j --wait',
    );
    expect(verbLine('cancel', 'p', {}, true)).toBe(
      'npx headwater deployment cancel p --accept-state-loss --wait',
    );
    expect(verbLine('upgrade', 'p', { version: 2, spec: { parallelism: 4 }, reason: 'more load' })).toBe(
      `echo '{"parallelism":4}' | npx headwater deployment upgrade p --version 2 --file /dev/stdin --reason 'more load' --wait`,
    );
    expect(verbLine('fork', 'p', { savepointId: '01j', fork: { name: 'trial' } })).toBe(
      'npx headwater deployment fork p trial --savepoint 01j --wait',
    );
    expect(verbLine('reset', 'p', { savepointId: '01j' })).toBe(
      'npx headwater deployment reset p 01j --wait',
    );
  });
});

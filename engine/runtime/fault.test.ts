import { describe, expect, it } from 'vitest';
import { OperatorError } from '../operators/operator-error.ts';
import { faultFingerprint } from './fault-fingerprint.ts';
import { userFrames } from './fault-frames.ts';
import { FaultLog } from './fault-log.ts';
import { faultOf } from './fault.ts';

const place = { atMs: 1, subtask: 0 };

describe('userFrames', () => {
  it('gives the calls of the program before the first one of the engine', () => {
    const stack = `RangeError: no such amount
    at checked (/home/ann/shop/src/amounts.ts:12:9)
    at Array.map (<anonymous>)
    at process.run (node:internal/x:1:2)
    at Object.onRecord (/home/ann/shop/src/shop.ts:40:5)
    at ProcessOperator.process (file:///opt/headwater/engine/operators/process-operator.ts:36:25)
    at loop (headwater/orders->check:9:12)`;
    expect(userFrames(stack)).toEqual([
      'checked (/home/ann/shop/src/amounts.ts:12:9)',
      'Array.map (<anonymous>)',
      'Object.onRecord (/home/ann/shop/src/shop.ts:40:5)',
    ]);
  });

  it('ends at a generated loop and at the bundle of a worker', () => {
    expect(
      userFrames('Error: x\n    at f (a.ts:1:1)\n    at loop (headwater/orders:9:12)\n    at g (b.ts:1:1)'),
    ).toEqual(['f (a.ts:1:1)']);
    expect(userFrames('Error: x\n    at f (a.ts:1:1)\n    at h (file:///tmp/program.mjs:9:12)')).toEqual([
      'f (a.ts:1:1)',
    ]);
    expect(userFrames(undefined)).toEqual([]);
  });
});

describe('faultFingerprint', () => {
  const fault = {
    atMs: 1,
    name: 'RangeError',
    operator: 'check',
    message: 'Operator "check" failed: order 17 of "ann"',
  };

  it('is the same for faults that differ in numbers, ids and quoted values', () => {
    const other = {
      ...fault,
      atMs: 9,
      record: '{}',
      message: 'Operator "check" failed: order 4711 of "bob"',
    };
    expect(faultFingerprint(other)).toBe(faultFingerprint(fault));
  });

  it.each([
    { name: 'TypeError' },
    { operator: 'sum' },
    { frames: ['f (a.ts:1:1)'] },
    { message: 'Operator "check" failed: customer 17 of "ann"' },
  ])('is another one with %j', (difference) => {
    expect(faultFingerprint({ ...fault, ...difference })).not.toBe(faultFingerprint(fault));
  });
});

describe('FaultLog', () => {
  it('keeps the first fault for ever, and counts what is alike', () => {
    const log = new FaultLog();
    const fault = (atMs: number) => ({ atMs, name: 'Error', message: `call ${atMs} failed` });
    for (let atMs = 0; atMs < 30; atMs += 1) log.add(fault(atMs));
    log.add({ atMs: 30, name: 'TypeError', message: 'other' });
    expect([log.all.length, log.all[0]?.atMs, log.first?.atMs, log.all.at(-1)?.atMs]).toEqual([21, 30, 0, 0]);
    expect(log.groups).toMatchObject([
      { name: 'TypeError', count: 1 },
      { name: 'Error', message: 'call 0 failed', count: 30, firstAtMs: 0, lastAtMs: 29 },
    ]);
  });
});

describe('faultOf', () => {
  const value = { card: 'card 4711', holder: { pin: 9 }, amount: 5n };
  const error = new OperatorError('pay', {
    cause: new Error('card 4711 was refused'),
    record: '{"card":"card 4711"}',
    value,
    key: 'card 4711/5',
  });

  it('hides the values of fields wherever they are', () => {
    const fault = faultOf(error, place, ['card', 'pin']);
    expect(fault).toMatchObject({
      record: '{"card":"•••","holder":{"pin":"•••"},"amount":"5n"}',
      message: 'Operator "pay" failed: ••• was refused',
      key: '•••/5',
    });
    expect(JSON.stringify(fault)).not.toContain('4711');
  });

  it('shows all of a record of which nothing is to be hidden', () => {
    expect(faultOf(error, place)).toMatchObject({ name: 'Error', operator: 'pay', key: 'card 4711/5' });
    expect(faultOf(error, place).record).toContain('4711');
    expect(faultOf('text', place)).toEqual({ ...place, name: 'Error', message: 'text' });
  });
});

import { describe, expect, test } from 'vitest';
import { refuseImpure } from './misuse.ts';

type AnyFunction = (...parameters: never) => unknown;

/** Functions as text, so that neither formatter nor compiler changes them. */
function fn(text: string): AnyFunction {
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is the subject
  return new Function(`return ${text}`)() as AnyFunction;
}

const refused: readonly (readonly [call: string, text: string])[] = [
  ['Date.now()', '(r) => ({ ...r, at: Date.now() })'],
  ['Date.now()', '(r) => { const clock = Date .now; return clock(); }'],
  ['Date.now()', '(r) => globalThis.Date.now()'],
  ['Date.now()', '(r) => `at ${Date.now()}`'],
  ['new Date()', '(r) => new Date().toISOString()'],
  ['new Date()', '(r) => new Date'],
  ['new Date()', '(r) => [new Date, r]'],
  ['new Date()', '(r) => new Date( ).getTime()'],
  ['Date()', '(r) => Date()'],
  ['performance.now()', '(r) => performance.now()'],
  ['process.hrtime()', '(r) => process.hrtime.bigint()'],
  ['Temporal.Now', '(r) => Temporal.Now.instant()'],
  ['Math.random()', '(r) => Math.random() < 0.1'],
  ['crypto.randomUUID()', '(r) => crypto.randomUUID()'],
  ['crypto.randomUUID()', '(r) => randomUUID()'],
  ['crypto.getRandomValues()', '(r) => crypto.getRandomValues(r)'],
  ['setTimeout()', '(r, ctx) => { setTimeout(() => ctx.emit(r), 1000); }'],
  ['setInterval()', '(r) => { setInterval(r, 1); }'],
  ['setImmediate()', '(r) => { setImmediate(r); }'],
  ['queueMicrotask()', '(r) => { queueMicrotask(r); }'],
  ['Promise', '(r) => Promise.resolve(r)'],
  ['Promise', '(r) => new Promise((resolve) => resolve(r))'],
  ['fetch()', '(r) => { fetch(r.url); }'],
  ['fetch()', 'function (r) { return globalThis.fetch(r.url); }'],
];

const allowed: readonly string[] = [
  '(r) => "Date.now()"',
  '(r) => `Date.now() Math.random() fetch(x)`',
  '(r) => { return r.at; // Date.now()\n }',
  '(r) => { /* new Date() */ return r.at; }',
  '(r) => /Math.random()/.test(r)',
  '(r) => new Date(r.at)',
  '(r) => new Date (r.at).getTime()',
  '(r) => new Date.Other(r)',
  '(r) => Date.UTC(2020, 1) + Date.parse(r)',
  '(r) => r.Date.now()',
  '(r) => new DateTime()',
  '(r, ctx) => { ctx.fetch(r); ctx.random(); ctx.now(); }',
  '(r) => r.setTimeout(1)',
  '(r) => prefetch(r)',
  '(r) => r instanceof Promise',
  '(r) => Math.max(r.random, 1)',
  '(fetch) => fetch(1)',
  'fetch => fetch(1)',
  '(r) => { const fetch = r.find; return fetch(1); }',
  '({ fetch }) => fetch(1)',
  '(r) => r.$fetch(1) + my$fetch(2)',
  '({ fetch(r) { return r; } }).fetch',
  '({ Date: 1 }).valueOf',
];

describe('a function is refused that', () => {
  test.each(refused)('calls %s as in %s', (call, text) => {
    expect(() => refuseImpure(fn(text), 'map "m"')).toThrow(
      `Cannot add map "m": its function calls ${call}; `,
    );
  });
});

describe('a function is taken that only looks so:', () => {
  test.each(allowed)('%s', (text) => {
    refuseImpure(fn(text), 'map "m"');
  });
});

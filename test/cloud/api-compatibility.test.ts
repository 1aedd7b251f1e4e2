/** The API only grows: a client that was written for the last release goes on. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApiDocument } from '#contract/api/openapi.ts';
import { breakingChanges } from '../api/breaking-changes.ts';

type Json = Record<string, unknown>;

// Plain data, as a client reads it.
const read = (text: string): Json => JSON.parse(text) as Json;
const released = readFileSync(new URL('../data/api/v1.json', import.meta.url), 'utf8');

test('nothing that a client of the last release relies on is gone', () => {
  const now = read(JSON.stringify(openApiDocument('1')));
  // A change that is meant is written down by `npm run api-report`, and belongs into a new version of the API.
  expect(breakingChanges(read(released), now)).toEqual([]);
});

/** The released document with some of its text replaced. */
function altered(from: string | RegExp, to: string): Json {
  const text = released.replace(from, to);
  expect(text).not.toBe(released);
  return read(text);
}

test.each<[what: string, from: string, to: string, told: RegExp]>([
  [
    'a field of an answer',
    '"latestVersion":{',
    '"newestVersion":{',
    /answer 20\d of \w+, .*\/latestVersion is gone/,
  ],
  [
    'an operation',
    '"operationId":"getApplication"',
    '"operationId":"readApplication"',
    /was called getApplication/,
  ],
  [
    'an address',
    '/applications/{application}":{',
    '/programs/{application}":{',
    /GET .*\/applications\/\{application\} \(getApplication\) is gone/,
  ],
  [
    'a parameter',
    '"name":"label","in":"query"',
    '"name":"labels","in":"query"',
    /no longer takes query label/,
  ],
  [
    'a value of a request',
    '"enum":["refuse","queue"]',
    '"enum":["refuse"]',
    /query whenBusy: no longer takes queue/,
  ],
  [
    'a type',
    '"parallelism":{"default":1,"type":"integer"',
    '"parallelism":{"default":1,"type":"string"',
    /was integer, is string/,
  ],
])('a client is not left without %s', (_, from, to, told) => {
  expect(breakingChanges(read(released), altered(from, to)).join('\n')).toMatch(told);
});

test('what is only added breaks nobody', () => {
  const grown = altered('"latestVersion":{', '"another":{"type":"string"},"latestVersion":{');
  expect(breakingChanges(read(released), grown)).toEqual([]);
});

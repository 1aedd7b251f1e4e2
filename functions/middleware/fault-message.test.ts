import { expect, test } from 'vitest';
import * as z from 'zod';
import { Paging } from '#contract/api/page.ts';
import { DeploymentInput } from '#contract/resources/deployment.ts';
import { Problem } from '#contract/problems.ts';
import { parsePart } from './schema-faults.ts';

const spec = { application: 'a', version: 1 };

test.each([
  [Paging, { limit: '0' }, '/limit must be at least 1'],
  [Paging, { limit: '201' }, '/limit must be at most 200'],
  [Paging, { limit: 'x' }, '/limit must be a number'],
  [Paging, { limit: '1.5' }, '/limit must be a whole number'],
  [Paging, { cursor: '' }, '/cursor must have at least 1 character'],
  [DeploymentInput, [], 'the body must be an object'],
  [DeploymentInput, { spec }, '/name is required'],
  [DeploymentInput, { name: 'a', spec, labls: {} }, '/labls unknown field "labls"; did you mean "labels"?'],
  [DeploymentInput, { name: 'a', spec: { ...spec, desiredState: 'x' } }, '/spec/desiredState must be one of'],
  [
    DeploymentInput,
    { name: 'a', spec: { ...spec, restoreStrategy: { kind: 'x' } } },
    'restoreStrategy/kind must',
  ],
  [DeploymentInput, { name: 'a', spec: { ...spec, checkpointInterval: '0 ms' } }, 'must be a duration'],
  [z.object({ at: z.iso.datetime() }), { at: 'x' }, '/at must be a valid datetime'],
])('a fault names the field and what it must be: case %#', (schema, value, sentence) => {
  expect(() => parsePart(schema as z.ZodType, value)).toThrow(Problem);
  expect(() => parsePart(schema as z.ZodType, value)).toThrow(sentence);
});

import { expect, test } from 'vitest';
import { ownSecretProblem } from './foreign-secret.ts';

const own = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:JobSecret4D1A-a1B2c3';

test.each([own, own.slice(0, -7)])('a secret does not refer to the one of all jobs as %s', (reference) => {
  expect(ownSecretProblem('stolen', reference, own)).toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('"stolen"'),
  });
});

test('a secret refers to any other one', () => {
  expect(ownSecretProblem('own', own.replace('JobSecret', 'Password'), own)).toBeUndefined();
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openParameterStore } from './parameter-store.ts';
import { openSecretsManager } from './secrets-manager.ts';

const place = { account: '000000000000', region: 'eu-west-1' };
let directory: string;

beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'secrets-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a deleted secret is gone, also for a store that opens the file anew', async () => {
  const file = join(directory, 'secrets.json');
  const secrets = openSecretsManager({ file, place });
  await secrets.invoke('CreateSecret', { Name: 'one', SecretString: '1' });
  await secrets.invoke('CreateSecret', { Name: 'two', SecretString: '2' });
  await secrets.invoke('DeleteSecret', { SecretId: secrets.arn('one') });
  const again = openSecretsManager({ file, place });
  expect(await again.invoke('ListSecrets', {})).toMatchObject({ SecretList: [{ Name: 'two' }] });
  await expect(again.invoke('GetSecretValue', { SecretId: 'one' })).rejects.toMatchObject({
    type: 'ResourceNotFoundException',
  });
});

test('a random password keeps to the rules of its request', async () => {
  const secrets = openSecretsManager({ file: join(directory, 'secrets.json'), place });
  const answer = await secrets.invoke('GetRandomPassword', {
    PasswordLength: 40,
    ExcludePunctuation: true,
    ExcludeUppercase: true,
  });
  expect(answer).toEqual({ RandomPassword: expect.stringMatching(/^[a-z0-9]{40}$/) });
});

test('parameters are listed by their path, one level or all', async () => {
  const parameters = openParameterStore({ file: join(directory, 'parameters.json'), place });
  for (const Name of ['/app/a', '/app/deep/b', '/apple/c']) {
    await parameters.invoke('PutParameter', { Name, Value: Name, Type: 'String' });
  }
  const below = async (input: Record<string, unknown>) =>
    parameters.invoke('GetParametersByPath', { Path: '/app', ...input });
  expect(await below({})).toMatchObject({ Parameters: [{ Name: '/app/a', Value: '/app/a' }] });
  expect(await below({ Recursive: true })).toMatchObject({
    Parameters: [{ Name: '/app/a' }, { Name: '/app/deep/b' }],
  });
  await parameters.invoke('DeleteParameter', { Name: '/app/a' });
  expect(await below({})).toEqual({ Parameters: [] });
  await expect(parameters.invoke('DeleteParameter', { Name: '/app/a' })).rejects.toMatchObject({
    type: 'ParameterNotFound',
  });
});

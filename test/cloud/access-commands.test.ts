/** The commands about access over the real handlers, as the command line runs them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command, Invocation } from '#cli/command.ts';
import { commands } from '#cli/commands/index.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
});

afterAll(async () => plane.close());

interface Given {
  readonly args?: readonly string[];
  readonly flags?: Invocation['flags'];
}

// Each command has a body of its own; the tests say what they expect of it.
// oxlint-disable-next-line typescript/no-explicit-any
async function run(words: string, { args = [], flags = {} }: Given = {}): Promise<any> {
  const command = commands.find(({ path }) => path.join(' ') === words);
  if (command === undefined) throw new Error(`There is no command "${words}"`);
  const result = await command.run({
    args: Object.fromEntries(names(command).map((name, index) => [name, args[index] ?? ''])),
    flags,
    namespace: 'team',
    output: 'json',
    client: () => Promise.resolve(plane.client),
    say: () => {},
  });
  return result?.body;
}

function names(command: Command): string[] {
  return (command.arguments ?? []).map(({ name }) => name);
}

test('a namespace is made, given a quota, shown and deleted', async () => {
  await run('namespace create', { args: ['team'] });
  await run('namespace update', { args: ['team'], flags: { 'max-deployments': '3', 'max-cpu': '1.5' } });
  expect((await run('namespace get', { args: ['team'] })).quota).toMatchObject({
    maxDeployments: 3,
    maxCpu: 1.5,
    maxRunningJobs: null,
  });
  await run('namespace update', { args: ['team'], flags: { 'max-cpu': 'none' } });
  expect((await run('namespace get', { args: ['team'] })).quota.maxCpu).toBeNull();
  await run('namespace create', { args: ['other'] });
  expect((await run('namespace delete', { args: ['other'] })).name).toBe('other');
});

test('a role is made, given, listed, taken away and deleted', async () => {
  const flags = { permission: ['deployments:read,deployments:operate'] };
  expect((await run('role create', { args: ['starter'], flags })).permissions).toHaveLength(2);
  await run('role update', { args: ['starter'], flags: { permission: ['deployments:read'] } });
  const given = await run('access grant', { args: ['group:team', 'starter'], flags: { deployment: 'a-*' } });
  expect(given).toMatchObject({ namespace: 'team', deployment: 'a-*', role: 'starter' });
  expect((await run('access list')).items).toHaveLength(1);
  expect((await run('access list', { flags: { platform: true } })).items).toEqual([]);
  await run('access revoke', { args: [given.id] });
  expect((await run('access list')).items).toEqual([]);
  await run('role delete', { args: ['starter'] });
  expect((await run('role list')).items.map(({ name }: { name: string }) => name)).not.toContain('starter');
});

test('a permission that does not exist is refused before anything is asked', async () => {
  const flags = { permission: ['deployments:red'] };
  await expect(run('role create', { args: ['wrong'], flags })).rejects.toThrow(
    'There is no permission "deployments:red"',
  );
});

test('a token is made, rotated and revoked, and the audit log tells of it', async () => {
  const made = await run('token create', { args: ['ci'], flags: { role: 'editor', days: '30' } });
  expect(made.token).toMatchObject({ name: 'ci', role: 'editor', namespace: 'team', lifetimeDays: 30 });
  const rotated = await run('token rotate', { args: [made.token.id], flags: { overlap: '1 hour' } });
  expect(rotated.secret).not.toBe(made.secret);
  await run('token revoke', { args: [made.token.id] });
  const [listed] = (await run('token list')).items;
  expect(listed.revokedAt).not.toBeNull();
  const audit = await run('audit list', { flags: { since: '1 hour', resource: 'tokens/' } });
  expect(audit.items.map(({ operation }: { operation: string }) => operation)).toEqual([
    'revokeToken',
    'rotateToken',
    'createToken',
  ]);
  const all = await run('audit list', { flags: { platform: true, all: true } });
  expect(all.items.length).toBeGreaterThan(audit.items.length);
});

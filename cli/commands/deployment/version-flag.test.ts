import { expect, test } from 'vitest';
import { createClient } from '#contract/api/client.ts';
import type { Invocation } from '../../command.ts';
import { versionFor } from './version-flag.ts';

/** A platform with one deployment of `clicks`, whose version 12 has the tag `c8b3f`; it notes what it is asked. */
function invocation(version: string): { invocation: Invocation; asked: string[] } {
  const asked: string[] = [];
  const client = createClient({
    url: 'http://platform',
    fetch: (input) => {
      const path = new URL(String(input)).pathname.replace('/api/v1/namespaces/default/', '');
      asked.push(path);
      return Promise.resolve(
        Response.json(
          path.startsWith('deployments/') ? { spec: { application: 'clicks' } } : { version: 12 },
        ),
      );
    },
  });
  return {
    asked,
    invocation: {
      args: {},
      flags: { version },
      namespace: 'default',
      output: 'json',
      client: () => Promise.resolve(client),
      say: () => {},
    },
  };
}

test.each(['c8b3f', '@c8b3f', 'clicks@c8b3f'])(
  '--version %s is looked up in the application',
  async (text) => {
    const given = invocation(text);
    expect(await versionFor(given.invocation, 'staging')).toBe(12);
    expect(given.asked).toEqual(['deployments/staging', 'applications/clicks/versions/%40c8b3f']);
  },
);

test('a number is looked up nowhere', async () => {
  const given = invocation('7');
  expect(await versionFor(given.invocation, 'staging')).toBe(7);
  expect(given.asked).toEqual([]);
});

test('a version of another application is refused', async () => {
  const given = invocation('payments@c8b3f');
  await expect(versionFor(given.invocation, 'staging')).rejects.toThrow(
    'it is one of application "payments", not of "clicks"',
  );
});

/** Lists that grow while they are read: every item that was there at the begin is shown, and none twice. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';
import { pushVersion } from './push-version.fixture.ts';

const namespace = 'default';
let plane: ControlPlane;
let made = 0;

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: 'clicks' } });
  await pushVersion(plane, 'clicks', { text: 'one', state: {} });
  for (let count = 0; count < 8; count++) await insert();
});
afterAll(async () => plane.close());

/** A deployment, with its event and its record in the audit log. */
async function insert(): Promise<void> {
  made += 1;
  const spec = { application: 'clicks', version: 1 };
  const body = { name: `clicks-${made}`, spec };
  const { status } = await plane.call('createDeployment', { params: { namespace }, body });
  expect(status).toBe(201);
}

async function page(list: OperationId, query: Record<string, unknown>) {
  const { status, body } = await plane.call(list, { params: { namespace }, query });
  expect(status).toBe(200);
  return {
    ids: body.items.map(({ id }: { id: string }) => id) as string[],
    next: body.next as string | null,
  };
}

async function idsOf(list: OperationId, limit: number, between = async () => {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const answer = await page(list, { limit, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...answer.ids);
    cursor = answer.next;
    await between();
  }
  return ids;
}

test.each<OperationId>(['listDeployments', 'listNamespaceEvents', 'listNamespaceAudit'])(
  '%s shows each item once while others are added',
  async (list) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 7 }), fc.array(fc.boolean()), async (limit, inserts) => {
        const before = await idsOf(list, 200);
        const waiting = inserts.slice(0, 3);
        const seen = await idsOf(list, limit, async () => {
          if (waiting.shift() === true) await insert();
        });
        expect(new Set(seen).size).toBe(seen.length);
        expect(before.filter((id) => !seen.includes(id))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  },
);

/** The console in a real Chromium on the real platform with its demo: nothing here is a fake. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Operation } from '#contract/resources/operation.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { platform, type Platform } from '../platform.ts';
import { launchBrowser } from './browser.ts';
import { books, minutesBefore, total, type Books } from './payments-ledger.ts';

const DEPLOYMENT = { namespace: 'default', deployment: 'payments-production' };
/** More payments than can be under way between stream and table at any one moment. */
const CLEARLY_MORE = 1000;

let running: Platform;
let browser: Browser;
const faults: string[] = [];

beforeAll(async () => {
  running = await platform();
  [browser] = await Promise.all([launchBrowser(), running.start()]);
});

afterAll(async () => {
  await browser?.close();
  await running?.remove();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  // A breach of the content security policy is an error in the browser's console, too.
  expect(faults.splice(0)).toEqual([]);
});

async function open(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.on('weberror', (error) => faults.push(String(error.error().stack)));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  const page = await context.newPage();
  await page.goto(running.url + path);
  return page;
}

async function paymentBooks(): Promise<Books> {
  const { spec } = await running.client.get('getDeployment', { params: DEPLOYMENT });
  const { stream, table } = spec.configuration;
  return books(running.awsEndpoint, { stream: String(stream), table: String(table) });
}

const state = (page: Page, text: string) => page.getByTestId('deployment-state').getByText(text);

async function carryOut(page: Page, verb: 'Suspend' | 'Start'): Promise<void> {
  await page.getByRole('group', { name: 'Actions' }).getByRole('button', { name: verb }).click();
  const dialog = page.getByRole('dialog', { name: `${verb} ` });
  await dialog.getByRole('region', { name: 'Plan' }).waitFor();
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('the start page', () => {
  test.each(['payments-production', 'payments-staging'])(
    'shows %s running, and that it moves',
    async (name) => {
      const page = await open('/');
      const row = page.getByRole('row', { name: new RegExp(name) });
      await row.getByText('running').waitFor();
      await row.getByText(/^[1-9]\d+$/).waitFor();
      await row.getByText(/^\d+ s behind$/).waitFor();
      const checkpoint = row.getByText(/^\d+ s ago, /);
      const age = async () => Number.parseInt(await checkpoint.innerText(), 10);
      // Ages only grow by themselves: one that falls is of another checkpoint.
      let youngest = await age();
      await expect
        .poll(
          async () => {
            const before = youngest;
            youngest = await age();
            return youngest < before;
          },
          { timeout: 60_000 },
        )
        .toBe(true);
      // A watermark that stood still would by now lie further behind than a checkpoint's interval.
      await row.getByText(/^\d s behind$/).waitFor();
    },
  );
});

describe('a deployment that is suspended and started again', () => {
  test('goes on exactly where it stood', { timeout: 300_000 }, async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'payments-production' }).click();
    await state(page, 'running').waitFor();
    await page.getByRole('region', { name: 'Dataflow graph' }).getByText('per-country').waitFor();
    const { inStream, inTable } = await paymentBooks();

    await carryOut(page, 'Suspend');
    await state(page, 'suspended').waitFor();
    await page.getByRole('tab', { name: 'Savepoints' }).click();
    const newest = page.getByRole('table', { name: 'Savepoints' }).getByRole('row').nth(1);
    await newest.getByRole('cell', { name: 'suspend', exact: true }).waitFor();
    await newest.getByText('completed').waitFor();

    const stood = await inTable();
    expect(total(stood)).toBeGreaterThan(0);
    const reached = total(stood) + CLEARLY_MORE;
    await expect.poll(async () => total(await inStream()), { timeout: 60_000 }).toBeGreaterThan(reached);
    expect(await inTable()).toEqual(stood);

    await carryOut(page, 'Start');
    await state(page, 'running').waitFor();
    const startedAt = Date.now();
    await page.getByRole('tab', { name: 'Jobs' }).click();
    const job = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
    await job.getByText('#2').waitFor();
    await job.getByText('savepoint').waitFor();

    // The minutes in which it stood still are complete once the next one is well under way.
    const nextMinute = Math.floor(startedAt / 60_000) * 60_000 + 60_000;
    await expect
      .poll(() => Date.now(), { timeout: 90_000, interval: 1000 })
      .toBeGreaterThan(nextMinute + 5000);
    const wanted = async () => minutesBefore(await inStream(), nextMinute);
    const written = async () => minutesBefore(await inTable(), nextMinute);
    // Late payments go on arriving for such a minute, so both books are read until they agree.
    await expect
      .poll(async () => difference(await written(), await wanted()), { timeout: 60_000, interval: 1000 })
      .toEqual([]);
    expect(Object.keys(await wanted()).length).toBeGreaterThan(20);
  });
});

/** Entries that differ, as text that tells where. */
function difference(got: Record<string, number>, wanted: Record<string, number>): string[] {
  return [...new Set([...Object.keys(got), ...Object.keys(wanted)])]
    .filter((entry) => got[entry] !== wanted[entry])
    .map((entry) => `${entry}: ${got[entry] ?? 0} counted of ${wanted[entry] ?? 0}`);
}

describe('a deployment that gets another version', () => {
  test('runs it, goes back, and is forked from a savepoint', { timeout: 600_000 }, async () => {
    await pushSecondVersion();
    const page = await open('/deployments/payments-staging');
    await state(page, 'running').waitFor();
    await actions(page).getByRole('button', { name: 'Upgrade' }).click();
    const upgrade = page.getByRole('dialog', { name: 'Upgrade payments-staging' });
    await upgrade.getByRole('button', { name: 'Version' }).click();
    await page.getByRole('option', { name: /^v2/ }).click();
    await upgrade.getByText('The new program can begin from this state.').waitFor();
    await upgrade.getByRole('button', { name: 'Upgrade', exact: true }).click();
    await upgrade.waitFor({ state: 'hidden' });
    expect(await ended('upgrade')).toMatchObject({ state: 'succeeded', problem: null });
    await page.getByText('payments-dashboard v2').waitFor();

    await actions(page).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Rollback' }).click();
    const rollback = page.getByRole('dialog', { name: 'Rollback payments-staging' });
    await rollback.getByLabel('I accept that this is lost').check();
    await rollback.getByRole('button', { name: 'Rollback', exact: true }).click();
    await rollback.waitFor({ state: 'hidden' });
    expect(await ended('rollback')).toMatchObject({ state: 'succeeded', problem: null });
    await page.getByText('payments-dashboard v1').waitFor();

    await page.getByRole('tab', { name: 'Savepoints' }).click();
    const row = page.getByRole('row', { name: /upgrade.*completed/ }).first();
    await row.getByRole('button', { name: /Actions of savepoint/ }).click();
    await page.getByRole('menuitem', { name: 'Fork from it' }).click();
    const fork = page.getByRole('dialog', { name: 'Fork payments-staging' });
    await fork.getByLabel('Name of the fork').fill('payments-trial');
    await fork.getByRole('button', { name: 'Fork', exact: true }).click();
    await fork.waitFor({ state: 'hidden' });
    await page.goto(`${running.url}/deployments/payments-trial`);
    await state(page, 'running').waitFor({ timeout: 120_000 });
    await page.getByText('forked from').getByRole('link', { name: 'payments-staging' }).waitFor();
  });
});

const actions = (page: Page) => page.getByRole('group', { name: 'Actions' });

/** The newest operation of the kind on the staging deployment, once it has ended. */
async function ended(kind: string): Promise<Operation> {
  const params = { namespace: 'default', deployment: 'payments-staging' };
  let found: Operation | undefined;
  await expect
    .poll(
      async () => {
        const { items } = await running.client.get('listOperations', { params });
        found = items.find((operation) => operation.kind === kind);
        return found?.endedAt ?? null;
      },
      { timeout: 240_000, interval: 1000 },
    )
    .not.toBeNull();
  if (found === undefined) throw new Error(`There is no operation ${kind}`);
  return found;
}

/** The same program with a constant that changes its bundle and nothing that it does. */
async function pushSecondVersion(): Promise<void> {
  const application = resolve(import.meta.dirname, '../../examples/payments-dashboard/application.ts');
  const words = ['application', 'push', application, '--define', 'SEEDED_BUG=no', '--url', running.url];
  await promisify(execFile)(process.execPath, [resolve(import.meta.dirname, '../../cli/main.ts'), ...words]);
}

describe('the payments dashboard', () => {
  test('opens from its link with marks in both panes', async () => {
    const page = await open('/');
    const link = page
      .getByRole('row', { name: /payments-production/ })
      .getByRole('link', { name: /Payments dashboard/ });
    const [dashboard] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await dashboard.getByRole('heading', { name: 'Share of payments per country' }).waitFor();
    await dashboard.locator('#shares path.band').nth(7).waitFor();
    await dashboard.locator('#rates path.rate').nth(4).waitFor();
    await dashboard.locator('#map .tile').nth(20).waitFor();
    await dashboard.getByRole('status').getByText('Live').waitFor();
    await dashboard
      .getByRole('link', { name: 'Production' })
      .and(dashboard.locator('[aria-current=page]'))
      .waitFor();
  });
});

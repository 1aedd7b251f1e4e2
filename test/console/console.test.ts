/** The console in a real Chromium, against the fake platform: the paths that people walk, by role and label. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { Problem } from '#contract/problems.ts';
import { begin } from './fake-operations.ts';
import { startFakePlatform, type FakePlatform } from './fake-platform.ts';
import { event, seed } from './fake-seed.ts';

const FIRST_VIEW_BUDGET_BYTES = 450_000;

let directory: string;
let browser: Browser;
let platform: FakePlatform;
let faults: string[];

beforeAll(async () => {
  // Built for this test alone, so that it never judges an older build or disturbs one that is being served.
  directory = await mkdtemp(join(tmpdir(), 'headwater-console-'));
  const vite = resolve(import.meta.dirname, '../../node_modules/vite/bin/vite.js');
  const root = resolve(import.meta.dirname, '../../console');
  // A process of its own: under NODE_ENV=test the build would hold React's development code.
  const env = { ...process.env, NODE_ENV: 'production' };
  const parameters = ['build', root, '--outDir', directory, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [vite, ...parameters], { env });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  faults = [];
  platform = await startFakePlatform({ directory, stepMs: 60 });
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await platform.close();
  expect(faults).toEqual([]);
});

/** Opens a page of the console; everything that its own console complains of is a fault, except what is expected. */
async function open(path: string, expected = /^$/, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(String(error.stack)));
  page.on('console', (message) => {
    const text = message.text();
    if (['error', 'warning'].includes(message.type()) && !expected.test(text)) faults.push(text);
  });
  await page.goto(platform.url + path);
  return page;
}

const state = (page: Page, text: string) => page.getByTestId('deployment-state').getByText(text);

const actions = (page: Page) => page.getByRole('group', { name: 'Actions' });

/** Opens the dialog of a verb that has no button of its own. */
async function fromMenu(page: Page, verb: string) {
  await actions(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: verb, exact: true }).click();
  return page.getByRole('dialog');
}

/** Chooses an option by a part of its text. */
async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: field }).click();
  await page.getByRole('option', { name: option }).click();
}

async function carryOut(page: Page, verb: string): Promise<void> {
  await actions(page).getByRole('button', { name: verb }).click();
  const dialog = page.getByRole('dialog', { name: `${verb} ` });
  await dialog.getByRole('region', { name: 'Plan' }).waitFor();
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('the list of deployments', () => {
  test('shows name, version, state and live figures of every deployment', async () => {
    const page = await open('/');
    const row = page.getByRole('row', { name: /payments-production/ });
    await row.getByText('running').waitFor();
    await row.getByText(/^\d+\.\d k$/).waitFor();
    await row.getByText(/^\d+ s behind$/).waitFor();
    await row.getByText(/^\d+ s ago, \d+ ms$/).waitFor();
    expect(await row.getByRole('link', { name: 'Payments dashboard' }).getAttribute('href')).toBe(
      '/dashboard/',
    );
    await page
      .getByRole('row', { name: /sensors-backfill/ })
      .getByText('failed')
      .waitFor();
    expect(await page.title()).toBe('Deployments · Headwater');
  });

  test('keeps only rows that match the filter, and the filter in the address', async () => {
    const page = await open('/');
    await page.getByRole('row', { name: /payments-production/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find deployments' }).fill('suspended');
    await page.getByText('1 match').first().waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(2);
    await page.waitForURL('**/?find=suspended');
  });

  test('teaches the command lines when there is nothing to list', async () => {
    platform.state.deployments.length = 0;
    const page = await open('/');
    await page.getByText('No deployments yet').waitFor();
    await page
      .getByText('npx headwater application push examples/payments-dashboard/application.ts')
      .waitFor();
  });

  test('asks with the ETag that it has and keeps its rows when nothing changed', async () => {
    const page = await open('/applications');
    await page.getByRole('row', { name: /sensor-averages/ }).waitFor();
    const again = await page.waitForResponse((response) => response.url().includes('/applications'));
    expect(again.status()).toBe(304);
    await page.getByRole('row', { name: /sensor-averages/ }).waitFor();
  });

  test('loads within its budget', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (/\.(js|css)$/.test(response.url()))
        sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(platform.url);
    await page.getByRole('row', { name: /payments-production/ }).waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    process.stdout.write(
      `The first view of the console loads ${Math.round(bytes / 1000)} kB of compressed JS and CSS\n`,
    );
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(FIRST_VIEW_BUDGET_BYTES);
  });
});

describe('the verbs', () => {
  test('suspend a deployment with a savepoint and start it again from there', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'payments-production' }).click();
    await state(page, 'running').waitFor();

    await carryOut(page, 'Suspend');
    await page
      .getByRole('list', { name: /Steps of the operation/ })
      .getByText('Take a savepoint')
      .waitFor();
    await state(page, 'suspended').waitFor();
    await page.getByRole('tab', { name: 'Savepoints' }).click();
    const newest = page.getByRole('table', { name: 'Savepoints' }).getByRole('row').nth(1);
    await newest.getByRole('cell', { name: 'suspend', exact: true }).waitFor();
    await newest.getByText('completed').waitFor();

    await carryOut(page, 'Start');
    await state(page, 'running').waitFor();
    await page.getByRole('tab', { name: 'Jobs' }).click();
    const job = page.getByRole('table', { name: 'Jobs' }).getByRole('row').nth(1);
    await job.getByText('#3').waitFor();
    await job.getByText('savepoint').waitFor();
  });

  test('say why when they are not allowed', async () => {
    const page = await open('/deployments/sensors-production');
    const suspend = page.getByRole('button', { name: 'Suspend' });
    expect(await suspend.getAttribute('aria-disabled')).toBe('true');
    await suspend.hover();
    await page
      .getByText(
        'Cannot suspend: the deployment is suspended; allowed now: start, cancel, reset, fork, delete',
      )
      .filter({ visible: true })
      .waitFor();
  });

  test('show the plan and the command line before anything happens', async () => {
    const page = await open('/deployments/payments-staging');
    await page.getByRole('button', { name: 'Savepoint', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('region', { name: 'Plan' })
      .getByText('Wait until the savepoint is complete')
      .waitFor();
    await dialog.getByLabel('Description of the savepoint').fill("Ada's");
    await dialog
      .getByText(String.raw`npx headwater savepoint create payments-staging --description 'Ada'\''s' --wait`)
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(platform.state.operations).toEqual([]);
  });

  test('cancel a protected deployment only when its name is typed', async () => {
    const page = await open('/deployments/payments-production');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This deployment is protected').waitFor();
    const submit = dialog.getByRole('button', { name: 'Cancel the deployment' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel(/type its name/).fill('payments-staging');
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel(/type its name/).fill('payments-production');
    await submit.click();
    await state(page, 'cancelled').waitFor();
  });

  test('show the problem and its remedy when the platform refuses', async () => {
    const page = await open('/deployments/payments-staging', /409/);
    await page.getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('region', { name: 'Plan' }).waitFor();
    const deployment = platform.state.deployments.find(({ name }) => name === 'payments-staging');
    Object.assign(deployment?.status ?? {}, { state: 'suspended' });
    await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
    await dialog
      .getByText('Cannot suspend: the deployment is suspended; allowed now: start, cancel')
      .first()
      .waitFor();
    await dialog.getByText('Use one of the allowed verbs.').waitFor();
  });

  test('are carried out with the keyboard alone', async () => {
    const page = await open('/deployments/payments-staging');
    await page.getByRole('button', { name: 'Suspend' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('region', { name: 'Plan' }).waitFor();
    await page.getByLabel('Description of the savepoint').focus();
    await page.keyboard.press('Enter');
    await state(page, 'suspended').waitFor();
  });
});

describe('the verbs of the menu', () => {
  test('upgrade to another version with the plan of what changes', async () => {
    const page = await open('/deployments/payments-production');
    await page.getByRole('button', { name: 'Upgrade' }).click();
    const dialog = page.getByRole('dialog', { name: 'Upgrade payments-production' });
    const submit = dialog.getByRole('button', { name: 'Upgrade', exact: true });
    expect(await submit.isDisabled()).toBe(true);
    await choose(page, 'Version', /v2/);
    await dialog.getByLabel('Other changes of the spec').fill('parallelism: 4');
    const changes = dialog.getByRole('list', { name: 'Changes of the spec' });
    await changes.getByText('parallelism').waitFor();
    await changes.getByText('version').waitFor();
    await dialog.getByText('The new program can begin from this state.').waitFor();
    await dialog.getByText('Expect no results for about 740 ms').waitFor();
    await dialog.getByLabel('Reason').fill('new currencies');
    await submit.click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('payments-dashboard v2').waitFor();
    expect(platform.state.operations[0]).toMatchObject({ kind: 'upgrade' });
    expect(platform.state.deployments.find(({ name }) => name === 'payments-production')?.spec).toMatchObject(
      { version: 2, parallelism: 4 },
    );
  });

  test('say what is wrong with a change that cannot be read, and send nothing', async () => {
    const page = await open('/deployments/payments-staging');
    await page.getByRole('button', { name: 'Upgrade' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Other changes of the spec').fill('parallelism');
    await dialog.getByText('Type members with values, such as "parallelism: 4".').waitFor();
    expect(await dialog.getByRole('button', { name: 'Upgrade', exact: true }).isDisabled()).toBe(true);
  });

  test('roll back to a chosen revision only when the loss is accepted', async () => {
    const page = await open('/deployments/payments-staging');
    const dialog = await fromMenu(page, 'Rollback');
    await dialog.getByText('What the running job computed since that state is given up.').waitFor();
    await choose(page, 'Return to', /Revision 1/);
    const submit = dialog.getByRole('button', { name: 'Rollback', exact: true });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('I accept that this is lost').check();
    await dialog.getByText('deployment rollback payments-staging --to 1 --accept-state-loss').waitFor();
    await submit.click();
    await dialog.waitFor({ state: 'hidden' });
    expect(platform.state.operations[0]?.kind).toBe('rollback');
  });

  test('fork from a savepoint under another name, with its sinks captured', async () => {
    const page = await open('/deployments/payments-production/savepoints');
    const row = page.getByRole('row', { name: /before the new currency table/ });
    await row.getByRole('button', { name: /Actions of savepoint/ }).click();
    await page.getByRole('menuitem', { name: 'Fork from it' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fork payments-production' });
    await dialog.getByLabel('Name of the fork').fill('payments-trial');
    await dialog.getByText(/deployment fork payments-production payments-trial --savepoint/).waitFor();
    await dialog.getByRole('button', { name: 'Fork', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.goto(`${platform.url}/deployments/payments-trial`);
    await page.getByText('forked from').getByRole('link', { name: 'payments-production' }).waitFor();
    await state(page, 'running').waitFor();
  });

  test('delete a deployment, which its page can undo', async () => {
    const page = await open('/deployments/sensors-production');
    const dialog = await fromMenu(page, 'Delete');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('This deployment is in the trash').waitFor();
    await page.getByRole('button', { name: 'Bring it back' }).click();
    await page.getByText('This deployment is in the trash').waitFor({ state: 'hidden' });
  });

  test.each(['Restart', 'Rescale', 'Migrate', 'Drain', 'Promote to another deployment', 'Fork'])(
    '%s asks for what it needs, and names its fields',
    async (verb) => {
      const page = await open('/deployments/payments-staging', undefined, {
        viewport: { width: 390, height: 844 },
      });
      const dialog = await fromMenu(page, verb);
      await dialog.getByText(/npx headwater deployment/).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(await dialog.getByRole('button', { name: /^$/ }).count()).toBe(0);
      expect(await dialog.getByRole('textbox', { name: /^$/ }).count()).toBe(0);
    },
  );
});

describe('operations', () => {
  test('show the rollback under the upgrade that missed its gate, and what waits', async () => {
    const deployment = platform.state.deployments[0];
    if (deployment === undefined) throw new Error('The seed has no deployment');
    const request = { verb: 'upgrade' as const, body: { version: 1 } };
    const upgrade = begin(platform.state, deployment, request);
    Object.assign(deployment.status, { state: 'running' });
    const rollback = begin(platform.state, deployment, { ...request, verb: 'rollback' });
    Object.assign(upgrade, {
      state: 'failed',
      endedAt: upgrade.createdAt,
      followedBy: rollback.id,
      problem: new Problem('gate-missed', 'Cannot keep version 1: no checkpoint within 5 minutes').toBody(),
    });
    Object.assign(deployment.status, { state: 'running' });
    const savepoint = begin(platform.state, deployment, { verb: 'savepoint', body: {} });
    Object.assign(savepoint, { state: 'queued', startedAt: null });
    const page = await open(`/deployments/${deployment.name}`);
    await page.getByText('Cannot keep version 1: no checkpoint within 5 minutes').waitFor();
    await page.getByRole('heading', { name: 'Rollback' }).waitFor();
    const queue = page.getByRole('region', { name: 'Queue of operations' });
    await queue.getByRole('button', { name: 'Cancel the operation savepoint' }).click();
    await expect.poll(() => savepoint.state).toBe('cancelled');
    await queue.waitFor({ state: 'hidden' });
  });
});

describe('the page of a deployment', () => {
  test('draws the tasks of its graph and opens one in the lower panel', async () => {
    const page = await open('/deployments/payments-production');
    await page.getByRole('region', { name: 'Dataflow graph' }).getByText('per-country').click();
    await page.getByRole('heading', { name: 'per-country → country-totals' }).waitFor();
    await page.getByText('aggregate · { payments: bigint, volume: double }').waitFor();
    expect(page.url()).toContain('?task=');
    await page.reload();
    await page.getByRole('heading', { name: 'per-country → country-totals' }).waitFor();
  });

  test('lists undecodable records with the reason', async () => {
    const page = await open('/deployments/payments-staging');
    await page.getByText('3 records could not be decoded').waitFor();
    await page.getByText('field "amount" is text, not a number').first().waitFor();
  });

  test('loads more events than the first page holds', async () => {
    const state = seed();
    const deployment = state.deployments[0];
    if (deployment === undefined) throw new Error('The seed has no deployment');
    for (let n = 0; n < 70; n++) {
      state.events.push(event(deployment, Date.now() - n * 1000, `Event ${n} happened`, {}));
    }
    await platform.close();
    platform = await startFakePlatform({ directory, state });
    const page = await open(`/deployments/${deployment.name}/events`);
    await page.getByRole('button', { name: 'Load more events' }).click();
    await page.getByText('Event 69 happened').waitFor();
    expect(await page.getByRole('button', { name: 'Load more events' }).count()).toBe(0);
  });

  test('shows the first fault of a failed job with its stack', async () => {
    const page = await open('/deployments/sensors-backfill/jobs/2');
    await page.getByRole('button', { name: 'Stack' }).click();
    await page.getByText('at average (application.ts:41:13)').waitFor();
  });

  test('shows faults and dead letters of the running job', async () => {
    const page = await open('/deployments/payments-production/jobs/2');
    await page.getByRole('table', { name: 'Faults' }).getByText('TypeError: no rate for "XYZ"').waitFor();
    const letters = page.getByRole('table', { name: 'Dead letters' });
    await letters.getByText('{"id":"p-1","currency":"XYZ"}').waitFor();
    await page.getByText('dead-letter replay payments-production --all').waitFor();
  });

  test('moves a savepoint to the trash and back', async () => {
    const page = await open('/deployments/payments-production/savepoints');
    const row = page.getByRole('row', { name: /before the new currency table/ });
    await row.getByRole('button', { name: /Actions of savepoint/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete: savepoint' });
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await row.waitFor({ state: 'hidden' });
    // Not check(): the box follows the address, which changes a moment later.
    await page.getByLabel('Trash').click();
    await row.getByRole('button', { name: /Actions of savepoint/ }).click();
    await page.getByRole('menuitem', { name: 'Bring it back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await row.waitFor({ state: 'hidden' });
  });

  test('narrows savepoints by origin and events by severity', async () => {
    const page = await open('/deployments/payments-production/savepoints?origin=scheduled');
    await page.getByRole('cell', { name: 'scheduled', exact: true }).waitFor();
    expect(await page.getByRole('row', { name: /before the new currency table/ }).count()).toBe(0);
    await page.goto(`${platform.url}/deployments/payments-production/events`);
    await page.getByRole('button', { name: 'Severity' }).click();
    await page.getByRole('option', { name: 'error' }).click();
    await page.waitForURL('**/events?severity=error');
    await page.getByText('Deployment was created').waitFor({ state: 'hidden' });
  });

  test('tells where values come from, compares revisions and reverts to one', async () => {
    const page = await open('/deployments/payments-production/configuration');
    const values = page.getByRole('table', { name: 'Values in effect' });
    await values
      .getByRole('row', { name: /checkpointInterval/ })
      .getByText('namespace')
      .waitFor();
    await page.getByRole('checkbox', { name: 'Revision 1' }).check();
    await page.getByRole('checkbox', { name: 'Revision 2' }).check();
    await page.getByRole('region', { name: 'From revision 1 to 2' }).getByText('parallelism').waitFor();
    await page.getByRole('button', { name: 'Revert to revision 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revert payments-production to revision 1' });
    await dialog.getByRole('button', { name: 'Revert', exact: true }).click();
    await page.getByText(/^Revision 3\. A running job/).waitFor();
  });

  test('edits what is stated, and shows what others changed meanwhile', async () => {
    const page = await open('/deployments/payments-production/configuration', /412/);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit payments-production' });
    const editor = dialog.getByLabel('What the deployment states');
    const text = await editor.inputValue();
    const deployment = platform.state.deployments.find(({ name }) => name === 'payments-production');
    if (deployment === undefined) throw new Error('The seed has no payments-production');
    Object.assign(deployment, {
      revision: 5,
      stated: { ...deployment.stated, checkpointInterval: '1 minute' },
    });
    await editor.fill(text.replace('parallelism: 2', 'parallelism: 3'));
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('It was changed while you edited').waitFor();
    await dialog.getByRole('list', { name: 'What others changed' }).getByText('checkpointInterval').waitFor();
    await dialog.getByRole('button', { name: 'Go on from there' }).click();
    await editor.fill(`${await editor.inputValue()}checkpointInterval: 1 minute\n`);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(deployment.stated).toMatchObject({ parallelism: 3, checkpointInterval: '1 minute' });
  });

  test('tells how state is kept and what happens after faults', async () => {
    const page = await open('/deployments/payments-production/configuration');
    await page.getByText('exponential, 1 second to 1 minute').waitFor();
    await page.getByRole('definition').getByText('heap', { exact: true }).waitFor();
  });

  test('keeps what it had, and says so, while the platform does not answer', async () => {
    const { state: kept } = platform;
    const port = Number(new URL(platform.url).port);
    const page = await open('/deployments/payments-production', /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE/);
    await page.getByText(/records kept aside/).waitFor();
    await platform.close();
    await page.getByText('The platform does not answer').waitFor();
    await page.getByRole('heading', { name: 'payments-production' }).waitFor();
    platform = await startFakePlatform({ directory, port, state: kept });
    await page.getByText('The platform does not answer').waitFor({ state: 'hidden' });
  });
});

describe('what does not belong to one deployment', () => {
  test('a deployment is created by fields, which the YAML beside them follows', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Create a deployment' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a deployment' });
    await dialog.getByLabel('Name', { exact: true }).fill('payments-test');
    await choose(page, 'Application', /payments-dashboard/);
    await dialog.getByLabel('stream').fill('payments');
    const text = dialog.getByLabel('The same as YAML');
    await expect.poll(() => text.inputValue()).toContain('stream: payments');
    await text.fill((await text.inputValue()).replace('parallelism: 1', 'parallelism: 4'));
    expect(await dialog.getByLabel('Parallelism').inputValue()).toBe('4');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'payments-test' }).waitFor();
    expect(platform.state.deployments.at(-1)?.spec).toMatchObject({
      parallelism: 4,
      version: 2,
      configuration: { stream: 'payments' },
    });
  });

  test('a token shows its secret once', async () => {
    const page = await open('/access');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a token' });
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('hw_secret-of-the-token').waitFor();
    await page.getByRole('button', { name: 'Hide the secret' }).click();
    await page.getByRole('table', { name: 'Tokens' }).getByText('ci', { exact: true }).waitFor();
    expect(await page.getByText('hw_secret-of-the-token').count()).toBe(0);
  });
});

describe('every page', () => {
  const pages = [
    '/',
    '/applications',
    '/applications/payments-dashboard',
    '/targets',
    '/targets/frankfurt',
    '/access',
    '/audit',
    '/deployments/payments-staging',
    '/deployments/payments-staging/events',
    '/deployments/payments-staging/jobs/2',
    '/deployments/payments-staging/savepoints',
    '/deployments/payments-staging/operations',
    '/deployments/payments-staging/configuration',
  ];

  test.each(pages)('%s fits a telephone and names all that can be pressed', async (path) => {
    const page = await open(path, undefined, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const nameless = await page.getByRole('button', { name: /^$/ }).count();
    expect(nameless).toBe(0);
  });

  test('follows the system into the dark until the reader chooses', async () => {
    const page = await open('/', undefined, { colorScheme: 'dark' });
    await page.locator('body.awsui-dark-mode').waitFor();
    await page.getByRole('button', { name: 'Use light colors' }).click();
    await page.locator('body:not(.awsui-dark-mode)').waitFor();
    await page.reload();
    await page.locator('body:not(.awsui-dark-mode)').waitFor();
  });

  test('that does not exist says so', async () => {
    const page = await open('/nowhere');
    await page.getByRole('heading', { name: 'There is no page here' }).waitFor();
    const missing = await open('/deployments/none', /404/);
    await missing.getByText('Cannot find deployment "none": it does not exist').waitFor();
  });
});

/**
 * The unmodified command line of Flink against a deployment of the running platform: it prints what it prints against a
 * JobManager, and ends with the same exit code. What it printed there is in test/data/flink-cli.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, platform } from '../platform.ts';
import { commandLine, type Printed } from './flink-command-line.ts';

const VERSIONS = ['1.20.4', '2.3.0'].map((version) => ({ version, flink: commandLine(version) }));
const deployment = 'payments-staging';
const place = { namespace: 'default', deployment };
const NO_JOB = '0'.repeat(32);

interface Recording {
  readonly exit_code: number;
  readonly stdout: readonly string[];
}

/** Without what differs from run to run: ids, places and numbers of checkpoints. */
function alike(text: string): readonly string[] {
  return text
    .replaceAll(/[0-9a-f]{32}/g, 'ID')
    .replaceAll(/(?:file:|s3:\/)\/\S+/g, 'LOCATION')
    .replaceAll(/(Checkpoint\S*) \d+ for/g, '$1 N for')
    .split('\n')
    .filter((line) => line !== '');
}

function expectAsRecorded(printed: Printed, file: string): void {
  const url = new URL(`../data/flink-cli/${file}.json`, import.meta.url);
  const recording = JSON.parse(readFileSync(url, 'utf8')) as Recording;
  expect(printed.exitCode, printed.problems.join('\n')).toBe(recording.exit_code);
  expect(alike(printed.stdout)).toEqual(alike(recording.stdout.join('\n')));
}

describe.skipIf(VERSIONS.every(({ flink }) => flink === undefined))('the command line of Flink', () => {
  let running: Platform;
  let address = '';
  let bucket = '';

  beforeAll(async () => {
    running = await platform();
    await running.start();
    address = `${running.url}/api/v1/namespaces/default/deployments/${deployment}/flink`;
  });
  afterAll(() => running.remove());

  async function runningJob(): Promise<string> {
    for (;;) {
      const { status } = await running.client.get('getDeployment', { params: place });
      if (status.state === 'running' && status.jobId !== null) return status.jobId;
      if (status.operationId === null)
        await running.client.get('startDeployment', {
          params: place,
          body: {},
          idempotencyKey: `start-${status.jobNumber}-${status.state}`,
        });
      await delay(500);
    }
  }

  async function locations(): Promise<readonly string[]> {
    const { items } = await running.client.get('listSavepoints', { params: place, query: { limit: 200 } });
    return items.map(({ location }) => location);
  }

  for (const { version, flink } of VERSIONS.filter((each) => each.flink !== undefined)) {
    const call = (verb: string, ...args: readonly string[]): Printed => {
      if (flink === undefined) throw new Error('There is no command line');
      return flink(verb, '-m', address, ...args);
    };

    test(`of ${version} lists, checkpoints, savepoints and disposes as with a JobManager`, async () => {
      const job = await runningJob();
      const listed = call('list');
      expect(listed.exitCode).toBe(0);
      expect(listed.stdout).toMatch(new RegExp(`: ${job} : ${deployment} \\(RUNNING\\)\n`));
      expectAsRecorded(call('list', '-s'), '05-list-scheduled');
      expectAsRecorded(call('checkpoint', job), '07-checkpoint');
      expectAsRecorded(call('checkpoint', '--full', job), '08-checkpoint-full');
      expectAsRecorded(call('savepoint', job), '10-savepoint-default-dir');
      expectAsRecorded(call('savepoint', '--type', 'native', job), '11-savepoint-native');
      expectAsRecorded(call('savepoint', job, `savepoints/of-${version}`), '09-savepoint');
      const [location = ''] = (await locations()).filter((each) => each.includes(`/of-${version}/`));
      [bucket = ''] = /^s3:\/\/[^/]+/.exec(location) ?? [];
      expect(call('savepoint', '-d', location)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`Savepoint '${location}' disposed.`),
      });
      expect(await locations()).not.toContain(location);
    });

    test(`of ${version} tells what is wrong as with a JobManager`, async () => {
      const job = await runningJob();
      expectAsRecorded(call('savepoint', NO_JOB), '14-savepoint-unknown-job');
      expectAsRecorded(call('cancel', NO_JOB), '24-cancel-unknown-job');
      expectAsRecorded(call('stop', NO_JOB), '25-stop-unknown-job');
      const elsewhere = call('savepoint', job, 'file:///proc/nowhere');
      expectAsRecorded(elsewhere, '15-savepoint-bad-dir');
      expect(elsewhere.problems.at(-1)).toContain('Cannot put a savepoint into "file:///proc/nowhere"');
      const unknown = call('savepoint', '-d', `${bucket}/savepoints/nowhere`);
      expect(unknown.exitCode).toBe(1);
      expect(unknown.problems.at(-1)).toContain('has no completed one there');
    });

    test(`of ${version} stops, drains and cancels as with a JobManager`, async () => {
      expectAsRecorded(call('stop', '--type', 'native', await runningJob()), '18-stop-native');
      expectAsRecorded(call('stop', '-d', await runningJob()), '20-stop-drain');
      expectAsRecorded(call('stop', '--savepointPath', 'savepoints/stopped', await runningJob()), '16-stop');
      const job = await runningJob();
      expectAsRecorded(call('cancel', job), '22-cancel');
    });
  }
});

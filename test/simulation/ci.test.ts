/** The CI files of the payments dashboard: their steps are run against a platform, as GitLab and Jenkins would. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { platform } from '../platform.ts';
import type { Platform } from '../platform.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'examples/payments-dashboard');
const BETWEEN_LOOKS_MS = 500;
let started: Platform;

beforeAll(async () => {
  started = await platform();
  await started.start();
  await Promise.all(['payments-staging', 'payments-production'].map((name) => running(name)));
});
afterAll(async () => started.remove());

/** GitLab's jobs in the order of their stages, each with its script. */
function gitLabSteps(): string[] {
  const { stages, ...jobs } = parse(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8'));
  return stages.flatMap((stage: string) =>
    Object.values<{ stage?: string; script?: string[] }>(jobs)
      .filter((job) => job.stage === stage)
      .flatMap(({ script = [] }) => script),
  );
}

/** The shell steps of the Jenkinsfile, but for the installation, which this checkout has behind it. */
function jenkinsSteps(): string[] {
  const text = readFileSync(join(folder, 'Jenkinsfile'), 'utf8');
  return [...text.matchAll(/\bsh '([^']+)'/g)]
    .map(([, step]) => step ?? '')
    .filter((step) => step !== 'npm ci');
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

function shell(step: string, more: Record<string, string> = {}): Promise<Ended> {
  const variables = {
    CI_SCRIPT: 'examples/payments-dashboard/ci.sh',
    VERSION_FILE: join(started.directory, 'version.txt'),
    HEADWATER_URL: started.url,
    HEADWATER_CLI: `${process.execPath} --disable-warning=ExperimentalWarning cli/main.ts`,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
    ...more,
  };
  return new Promise((done) => {
    execFile('sh', ['-c', step], { cwd: root, env: { ...process.env, ...variables } }, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), output: out + err });
    });
  });
}

/** Runs the steps one after the other, as long as they succeed. */
async function pipeline(steps: readonly string[], more: Record<string, string>): Promise<Ended> {
  let output = '';
  for (const step of steps) {
    const ended = await shell(step, more);
    output += ended.output;
    if (ended.code !== 0) return { code: ended.code, output };
  }
  return { code: 0, output };
}

async function running(name: string): Promise<number> {
  for (;;) {
    const { status, spec } = await started.client.get('getDeployment', {
      params: { namespace: 'default', deployment: name },
    });
    if (status.state === 'running' && status.operationId === null) return spec.version;
    await new Promise((look) => setTimeout(look, BETWEEN_LOOKS_MS));
  }
}

test('a version that fails is rolled back by itself, and its pipeline says why', async () => {
  const steps = gitLabSteps();
  expect(steps).toHaveLength(4);
  const { code, output } = await pipeline(steps, { CI_JOB_ID: '1', SEEDED_BUG: 'yes' });
  expect(output).toMatch(/payments-staging did not take version 2: .*There is no rate from/);
  expect(output).toContain('rollback to the version before: succeeded');
  expect(code).toBe(1);
  expect(await running('payments-staging')).toBe(1);
  // Production is not even asked.
  expect(await running('payments-production')).toBe(1);
});

test('a version that works goes to staging, then to production', async () => {
  const steps = jenkinsSteps();
  expect(steps).toHaveLength(4);
  const { code, output } = await pipeline(steps, {
    BUILD_TAG: 'jenkins-2',
    PUSH_OPTIONS: '--define SEEDED_BUG=no',
  });
  expect(output).toMatch(/payments-staging runs version 3[\s\S]*payments-production runs version 3/);
  expect(code).toBe(0);
  expect(await running('payments-production')).toBe(3);
});

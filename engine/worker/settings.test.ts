import { describe, expect, test } from 'vitest';
import { workerEnvironment } from '#contract/names.ts';
import { readSettings } from './settings.ts';
import type { Environment } from './settings.ts';

const names = workerEnvironment;
const complete: Environment = {
  [names.jobId]: 'a'.repeat(32),
  [names.epoch]: '3',
  [names.applicationUrl]: 'http://127.0.0.1/app.mjs',
  [names.applicationSha256]: 'b'.repeat(64),
  [names.bucket]: 'headwater',
  [names.prefix]: 'checkpoints/d/',
};

describe('the settings of a worker', () => {
  test('fill in what may be left out', () => {
    expect(readSettings(complete)).toMatchObject({
      jobName: 'a'.repeat(32),
      attempt: 1,
      parallelism: 1,
      maxParallelism: undefined,
      configuration: {},
      restore: { kind: 'none' },
      prefix: 'checkpoints/d',
      restPort: 8081,
      lingerMs: 15_000,
    });
  });

  test.each([
    names.jobId,
    names.epoch,
    names.applicationUrl,
    names.applicationSha256,
    names.bucket,
    names.prefix,
  ])('refuse an environment without %s', (name) => {
    expect(() => readSettings({ ...complete, [name]: '' })).toThrow(
      `environment variable ${name} is missing`,
    );
  });

  test.each([
    [names.epoch, '1.5'],
    [names.parallelism, '0'],
    [names.parallelism, 'two'],
    [names.jobId, 'A'.repeat(32)],
    [names.applicationSha256, 'b'],
    [names.configuration, '{'],
    [names.restore, '{"kind":"manifest"}'],
    [names.restore, '"latest-checkpoint"'],
  ])('refuse %s="%s" and name it', (name, value) => {
    expect(() => readSettings({ ...complete, [name]: value })).toThrow(`Cannot start the worker: ${name}`);
  });

  test('take the three ways to restore', () => {
    const restore = (value: object) =>
      readSettings({ ...complete, [names.restore]: JSON.stringify(value) }).restore;
    expect(restore({ kind: 'none' })).toEqual({ kind: 'none' });
    expect(restore({ kind: 'latest-checkpoint' })).toEqual({ kind: 'latest-checkpoint' });
    expect(restore({ kind: 'manifest', location: 's3://b/k', allowNonRestoredState: true })).toEqual({
      kind: 'manifest',
      location: 's3://b/k',
      allowNonRestoredState: true,
    });
  });

  test('serve on loopback where AWS is on loopback, and to the network elsewhere', () => {
    const host = (endpoint: string | undefined) =>
      readSettings({ ...complete, AWS_ENDPOINT_URL: endpoint }).restHost;
    expect(host('http://127.0.0.1:4566')).toBe('127.0.0.1');
    expect(host(undefined)).toBe('0.0.0.0');
    expect(host('https://vpce.amazonaws.com')).toBe('0.0.0.0');
  });
});

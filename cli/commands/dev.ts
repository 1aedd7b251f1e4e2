import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClient } from '#contract/api/client.ts';
import type { LocalCloud } from '#local/local-cloud.ts';
import type { Command, Invocation } from '../command.ts';
import { ensureAssembly } from '../dev/assembly.ts';
import { CliError, exitCode } from '../exit-code.ts';

const DEMO_STACK = 'HeadwaterDemo';

/** `npm start`: the whole platform on this machine, from the same templates that AWS would get. */
export const dev: Command = {
  path: ['dev'],
  summary: 'run the whole platform on this machine',
  flags: {
    port: { type: 'string', about: 'port of console and API (8080; 0 = any free)' },
    'aws-port': { type: 'string', about: 'port of the local AWS services (4566; 0 = any free)' },
    data: { type: 'string', about: 'directory of all data (.headwater)' },
    'no-demo': { type: 'boolean', about: 'without the payments dashboard' },
  },
  examples: ['dev', 'dev --port 0 --aws-port 0 --data /tmp/headwater --no-demo'],
  async run(invocation) {
    const stopped = stopSignal();
    const cloud = await start(invocation);
    invocation.say(`Stopping (${await stopped}) ...`);
    rmSync(runFile(invocation), { force: true });
    await cloud.close();
    process.exit(exitCode.ok);
  },
};

async function start(invocation: Invocation): Promise<LocalCloud> {
  const { flags, say } = invocation;
  // Loaded here, so that the other commands start without a cloud in their memory.
  const [{ startLocalCloud }, { seedDemo }] = await Promise.all([
    import('#local/local-cloud.ts'),
    import('../dev/demo.ts'),
  ]);
  const demo = flags['no-demo'] !== true;
  const startedAt = new Date().toISOString();
  const cloud = await startLocalCloud({
    assembly: await ensureAssembly(say),
    directory: dataDirectory(invocation),
    port: portOf(flags['port'], 8080, '--port'),
    awsPort: portOf(flags['aws-port'], 4566, '--aws-port'),
    parameters: { Access: 'local' },
    ...(demo ? {} : { without: [DEMO_STACK] }),
    onLog: say,
  }).catch((cause: unknown) => {
    throw new CliError(exitCode.failed, cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const client = createClient({ url: cloud.url });
  await client.get('getHealth', {});
  if (demo) await seedDemo({ client, output: cloud.output, say });
  mkdirSync(dataDirectory(invocation), { recursive: true });
  const run = { url: cloud.url, awsEndpoint: cloud.awsEndpoint, pid: process.pid, startedAt };
  writeFileSync(runFile(invocation), `${JSON.stringify(run, null, 2)}\n`);
  console.log(`Headwater is ready at ${cloud.url}`);
  return cloud;
}

function dataDirectory({ flags }: Invocation): string {
  return resolve(typeof flags['data'] === 'string' ? flags['data'] : '.headwater');
}

function runFile(invocation: Invocation): string {
  return join(dataDirectory(invocation), 'run.json');
}

function portOf(flag: unknown, fallback: number, name: string): number {
  if (typeof flag !== 'string') return fallback;
  const port = Number(flag);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && flag.trim() !== '') return port;
  throw new CliError(
    exitCode.usage,
    `Cannot use ${name} ${flag}: it must be a port from 0 to 65535, 0 for any free one`,
  );
}

/** Resolves at Ctrl-C, at SIGTERM, or when the process that started this one is gone. */
function stopSignal(): Promise<string> {
  return new Promise((done) => {
    process.once('SIGINT', () => done('SIGINT'));
    process.once('SIGTERM', () => done('SIGTERM'));
    process.once('disconnect', () => done('the starting process ended'));
  });
}

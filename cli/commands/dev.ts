import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createClient } from '#contract/api/client.ts';
import type { LocalCloud } from '#local/local-cloud.ts';
import type { Command, Invocation } from '../command.ts';
import { ensureAssembly } from '../dev/assembly.ts';
import { CliError, exitCode } from '../exit-code.ts';

/** Without the demo: the console's stack and those that it stands on. */
const PLATFORM_STACKS = ['HeadwaterConsole'];

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
  const { startLocalCloud } = await import('#local/local-cloud.ts');
  const demo = flags['no-demo'] !== true;
  const startedAt = new Date().toISOString();
  const cloud = await startLocalCloud({
    assembly: await ensureAssembly(say),
    directory: dataDirectory(invocation),
    port: portOf(flags['port'], 8080, '--port'),
    awsPort: portOf(flags['aws-port'], 4566, '--aws-port'),
    parameters: { Access: 'local' },
    ...(demo ? {} : { stacks: PLATFORM_STACKS }),
    onLog: say,
  }).catch((cause: unknown) => {
    throw new CliError(exitCode.failed, cause instanceof Error ? cause.message : String(cause), { cause });
  });
  try {
    await greet(cloud, demo, say);
  } catch (error) {
    await cloud.close();
    throw error;
  }
  const run = { url: cloud.url, awsEndpoint: cloud.awsEndpoint, pid: process.pid, startedAt };
  writeFileSync(runFile(invocation), `${JSON.stringify(run, null, 2)}\n`);
  console.log(`Headwater is ready at ${cloud.url}`);
  return cloud;
}

/** Ready means that the API answers and the demo is there to be seen. */
async function greet(cloud: LocalCloud, demo: boolean, say: (line: string) => void): Promise<void> {
  const client = createClient({ url: cloud.url });
  await client.get('getHealth', {});
  if (!demo) return;
  const { seedDemo } = await import('../dev/demo.ts');
  await seedDemo({ client, output: (stack, name) => cloud.output(stack, name), say });
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

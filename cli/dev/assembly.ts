/** The synthesised stacks, made anew only when something that they come from has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, exitCode } from '../exit-code.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SOURCES = '{contract,engine,functions,infra,examples,console}/**/*.{ts,tsx,js,css,html,svg,json,yaml}';

/** Folder of the cloud assembly. Errors: `CliError` when building or synthesising fails. */
export async function ensureAssembly(say: (line: string) => void): Promise<string> {
  const assembly = join(root, 'cdk.out');
  const stamp = join(assembly, 'sources.sha256');
  const hash = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return assembly;
  say('Building and synthesising (first start, or sources changed) ...');
  await runScript('infra/build.ts');
  await runScript('infra/app.ts');
  writeFileSync(stamp, hash);
  return assembly;
}

function sourcesHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = globSync(SOURCES, { cwd: root, exclude: (name) => name === 'node_modules' });
  for (const file of files.sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

async function runScript(script: string): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0)
    throw new CliError(exitCode.failed, `Cannot prepare the platform: ${script} failed\n${output.trim()}`);
}

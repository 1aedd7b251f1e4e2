/** Registers a program as a version of its application: upload by presigned address, then one call. */
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '#contract/api/client.ts';
import { Problem } from '#contract/problems.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import { CliError, exitCode } from '../exit-code.ts';
import { bundleApplication, type Bundle } from './bundle.ts';

const run = promisify(execFile);

export interface PushOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly entry: string;
  readonly tag?: string;
  readonly say: (line: string) => void;
}

/** The version that holds this program: a new one, or the one that was there with the same hash. */
export async function pushApplication(options: PushOptions): Promise<ApplicationVersion> {
  const { client, namespace, say } = options;
  const bundle = await bundleApplication(options.entry);
  const application = bundle.name;
  await ensureApplication(client, namespace, application);
  await upload(client, { namespace, application }, bundle);
  say(`Uploaded ${application}, ${bundle.code.byteLength} bytes, SHA-256 ${bundle.sha256.slice(0, 12)}`);
  const { commit, author } = await provenance(options.entry);
  return client.get('createApplicationVersion', {
    params: { namespace, application },
    body: {
      sha256: bundle.sha256,
      sizeBytes: bundle.code.byteLength,
      graphHash: bundle.graphHash,
      graph: bundle.graph,
      configurationSchema: bundle.configurationSchema,
      tag: options.tag ?? null,
      commit,
      author,
    },
  });
}

async function ensureApplication(client: Client, namespace: string, name: string): Promise<void> {
  try {
    await client.get('createApplication', { params: { namespace }, body: { name } });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'already-exists') throw error;
  }
}

async function upload(
  client: Client,
  params: { readonly namespace: string; readonly application: string },
  bundle: Bundle,
): Promise<void> {
  const { sha256, code } = bundle;
  const { url, headers } = await client.get('createUpload', {
    params,
    body: { sha256, sizeBytes: code.byteLength },
  });
  if (url === null) return;
  const response = await fetch(url, { method: 'PUT', headers, body: Buffer.from(code) });
  if (!response.ok) {
    throw new CliError(
      exitCode.failed,
      `Cannot upload the bundle: the store answered ${response.status}; push again`,
    );
  }
}

/** Commit and author of the program, when it lies in a git repository. */
async function provenance(entry: string): Promise<{ commit: string | null; author: string | null }> {
  try {
    const directory = dirname(resolve(entry));
    const { stdout } = await run('git', ['-C', directory, 'log', '-1', '--format=%H%n%an']);
    const [commit = '', author = ''] = stdout.trim().split('\n');
    return { commit: commit || null, author: author || null };
  } catch {
    // Not a repository, or no git: the version simply does not say.
    return { commit: null, author: null };
  }
}

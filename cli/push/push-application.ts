/** Registers a program as a version of its application: upload by presigned address, then one call. */
import type { Client } from '#contract/api/client.ts';
import { Problem } from '#contract/problems.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import { versionReference } from '../version-reference.ts';
import { bundleApplication, type Constants } from './bundle.ts';
import { provenance } from './provenance.ts';
import { uploadBundle } from './upload-bundle.ts';

export interface PushOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly entry: string;
  readonly tag?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly constants?: Constants;
  readonly say: (line: string) => void;
}

/** The version that holds this program: a new one, or the one that was there with the same hash. */
export async function pushApplication(options: PushOptions): Promise<ApplicationVersion> {
  const { client, namespace, say } = options;
  const bundle = await bundleApplication(options.entry, options.constants);
  const application = bundle.name;
  await ensureApplication(client, namespace, application);
  await uploadBundle({ client, namespace, application, say }, bundle);
  const source = await provenance(options.entry);
  return client.get('createApplicationVersion', {
    params: { namespace, application },
    body: {
      sha256: bundle.sha256,
      sizeBytes: bundle.code.byteLength,
      graphHash: bundle.graphHash,
      graph: bundle.graph,
      configurationSchema: bundle.configurationSchema,
      tag: tagOf(options.tag, application),
      labels: { ...options.labels },
      ...source,
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

/** `c8b3f` and `fraud-detection@c8b3f` are the same tag. */
function tagOf(text: string | undefined, application: string): string | null {
  return text === undefined ? null : versionReference(`@${text.replace(/^.*@/, '')}`, application).slice(1);
}

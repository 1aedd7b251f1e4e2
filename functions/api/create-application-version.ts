import { Problem } from '#contract/problems.ts';
import type { Application } from '#contract/resources/application.ts';
import type { ApplicationVersion, ApplicationVersionInput } from '#contract/resources/application-version.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { UnusedBundle } from '../stores/unused-bundles.ts';
import { existingApplication } from './existing.ts';

// Pushes of one application at the same moment number themselves one after the other.
const TRIES = 8;
// An item of DynamoDB holds 400 KB, names and keys included.
const GRAPH_LIMIT_BYTES = 350_000;

export const createApplicationVersion = handler(
  'createApplicationVersion',
  async ({ platform, params, body, access }) => {
    const { namespace, application: name } = params;
    for (let attempt = 1; ; attempt++) {
      // Read before the bytes are verified: whoever deletes them after that changes it, and the write is refused.
      const unused = await platform.stores.unusedBundles.get(body.sha256);
      if (unused?.deletingAt != null) throw beingDeleted(name);
      await checkBundle(platform, name, body);
      const application = await existingApplication(platform, namespace, name);
      const known = await platform.stores.versions.byHash(namespace, name, body.sha256);
      if (known !== undefined) return { status: 200, body: known };
      try {
        return { body: await register(platform, application, { body, actor: access.actor, unused }) };
      } catch (error) {
        if (!(error instanceof WriteConflict) || attempt === TRIES) throw error;
        if (error.resources.includes('version-tag')) throw takenTag(name, body, error);
      }
    }
  },
);

function beingDeleted(name: string): Problem {
  const reason = 'its bytes are being deleted, since no version referred to them; push it again in a while';
  return new Problem('bundle-mismatch', `Cannot register a version of "${name}": ${reason}`);
}

function takenTag(name: string, { tag }: ApplicationVersionInput, cause: unknown): Problem {
  const message = `Cannot register a version of "${name}": another version has tag "${tag}"; choose another`;
  return new Problem('already-exists', message, { cause });
}

async function checkBundle(
  { stores }: Platform,
  application: string,
  body: ApplicationVersionInput,
): Promise<void> {
  const refused = `Cannot register a version of "${application}"`;
  if (JSON.stringify([body.graph, body.configurationSchema]).length > GRAPH_LIMIT_BYTES) {
    throw new Problem(
      'invalid-request',
      `${refused}: graph and schema have more than ${GRAPH_LIMIT_BYTES} bytes`,
      {
        errors: [{ pointer: '/graph', message: `must have at most ${GRAPH_LIMIT_BYTES} bytes` }],
      },
    );
  }
  const size = await stores.bundles.verifiedSize(body.sha256);
  if (size === body.sizeBytes) return;
  const found = size === undefined ? 'no upload has this hash' : `the upload has ${size} bytes`;
  throw new Problem(
    'bundle-mismatch',
    `${refused}: ${found}; announced were ${body.sizeBytes} bytes with SHA-256 ${body.sha256}`,
  );
}

interface Registration {
  readonly body: ApplicationVersionInput;
  readonly actor: string;
  readonly unused: UnusedBundle | undefined;
}

async function register(
  { stores, now }: Platform,
  application: Application,
  { body, actor, unused }: Registration,
): Promise<ApplicationVersion> {
  const at = now().toISOString();
  const number = (application.latestVersion ?? 0) + 1;
  const version: ApplicationVersion = {
    ...body,
    application: application.name,
    namespace: application.namespace,
    version: number,
    retiredAt: null,
    createdAt: at,
    createdBy: actor,
    revision: 1,
  };
  const next: Application = {
    ...application,
    latestVersion: number,
    modifiedAt: at,
    revision: application.revision + 1,
  };
  await stores.commit([
    stores.applications.replaced(next),
    ...stores.versions.created(version),
    stores.unusedBundles.used(body.sha256, unused),
  ]);
  return version;
}

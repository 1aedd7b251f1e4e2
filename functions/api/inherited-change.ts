/** What a change of inherited settings does to the deployments below it. */
import { differences } from '#contract/differences.ts';
import { isFaulty } from '#contract/effective-spec.ts';
import { Problem } from '#contract/problems.ts';
import { resolveSpec } from '#contract/resolve-spec.ts';
import type { SpecLayers } from '#contract/resolve-spec.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { InheritancePreview, InheritedChange } from '#contract/resources/deployment-defaults.ts';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { checkConfiguration } from '../control/check-configuration.ts';
import { driftOf } from '../control/job-settings.ts';
import { newEvent } from '../control/new-event.ts';
import { upgradingVerb } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';

type Json = Readonly<Record<string, unknown>>;

/** The one layer that changes. */
export interface ChangedLayer {
  readonly global?: Json;
  readonly namespace?: { readonly name: string; readonly settings: Json };
  readonly target?: DeploymentTarget;
}

/** A deployment that changes, still with its id for the log. */
interface Touched extends InheritedChange {
  readonly deploymentId: string;
  readonly jobId: string | null;
}

/** A preview as the handlers hold it: answers show the contract's part of it. */
export interface Preview extends InheritancePreview {
  readonly deployments: Touched[];
}

const PAGE = 200;
// A transaction takes 100 writes.
const EVENTS_AT_ONCE = 100;

/** Looks at every deployment that inherits the layer. */
export async function previewInherited(platform: Platform, changed: ChangedLayer): Promise<Preview> {
  const preview: Preview = { deployments: [], invalid: [] };
  const versions = versionsOf(platform);
  const layersOf = layersOnce(platform);
  for await (const deployment of heirs(platform, changed)) {
    const { target } = deployment.spec;
    const layers = await layersOf(deployment);
    const outcome = await outcomeOf(deployment, withChange(layers, changed, target), versions);
    if (outcome === undefined) continue;
    if ('pointer' in outcome) preview.invalid.push(outcome);
    else preview.deployments.push(outcome);
  }
  return preview;
}

/** Throws `deployments-invalid` with the names of those that the change would harm. */
export function refuseInvalid(what: string, { invalid }: InheritancePreview): void {
  const [first] = invalid;
  if (first === undefined) return;
  const names = [...new Set(invalid.map(({ namespace, deployment }) => `"${namespace}/${deployment}"`))];
  const message = `Cannot change ${what}: ${names.join(', ')} would become invalid: ${first.pointer} ${first.message}`;
  const errors = invalid.map(({ namespace, deployment, pointer, message: fault }) => ({
    pointer,
    message: `of "${namespace}/${deployment}" ${fault}`,
  }));
  throw new Problem('deployments-invalid', message, { errors });
}

/** Tells the log of each deployment what it inherits now. */
export async function announceInherited(
  { stores, newId }: Platform,
  { deployments }: Preview,
  by: { readonly actor: string; readonly at: string; readonly what: string },
): Promise<void> {
  const writes = deployments.map(({ namespace, deployment, deploymentId, jobId, changes, pending }) => {
    const places = changes.map(({ pointer }) => pointer).join(', ');
    const waits =
      pending.length === 0 ? '' : ` The running job has ${pending.join(', ')} after its next start.`;
    return stores.events.appended(
      newEvent(
        { id: newId(), at: by.at, actor: by.actor, namespace, deployment, deploymentId },
        {
          name: 'deployment-changed',
          message: `Inherited from ${by.what}: ${places}.${waits}`,
          severity: pending.length === 0 ? 'info' : 'warning',
          jobId,
        },
      ),
    );
  });
  for (let start = 0; start < writes.length; start += EVENTS_AT_ONCE) {
    await stores.commit(writes.slice(start, start + EVENTS_AT_ONCE));
  }
}

/** Every deployment that inherits a layer; those in the trash too where they must find it when they are undeleted. */
export async function* heirs(
  { stores }: Platform,
  { namespace, target }: ChangedLayer,
  { withTrash }: { readonly withTrash: boolean } = { withTrash: false },
): AsyncGenerator<Deployment> {
  const names = namespace === undefined ? allNamespaces(stores) : [namespace.name];
  for await (const name of names) {
    for (const deleted of withTrash ? [false, true] : [false]) {
      for await (const deployment of deploymentsOf(stores, name, deleted)) {
        if (target === undefined || deployment.spec.target === target.name) yield deployment;
      }
    }
  }
}

async function* deploymentsOf(
  stores: Platform['stores'],
  namespace: string,
  deleted: boolean,
): AsyncGenerator<Deployment> {
  let cursor: string | undefined;
  do {
    const page = await stores.deployments.list(namespace, { limit: PAGE, cursor, deleted });
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function* allNamespaces(stores: Platform['stores']): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await stores.namespaces.list({ limit: PAGE, cursor });
    for (const { name } of page.items) yield name;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

function withChange(layers: SpecLayers, changed: ChangedLayer, target: string): SpecLayers {
  return {
    ...layers,
    ...(changed.global === undefined ? {} : { global: changed.global }),
    ...(changed.namespace === undefined ? {} : { namespace: changed.namespace.settings }),
    ...(changed.target?.name === target ? { target: changed.target } : {}),
  };
}

async function outcomeOf(
  deployment: Deployment,
  layers: SpecLayers,
  versions: ReturnType<typeof versionsOf>,
): Promise<Touched | InheritancePreview['invalid'][number] | undefined> {
  const names = { namespace: deployment.namespace, deployment: deployment.name };
  const resolved = resolveSpec(deployment, layers);
  const faulty = (fault: { pointer: string; message: string } | undefined) => ({
    ...names,
    pointer: fault?.pointer ?? '/spec',
    message: fault?.message ?? 'is invalid',
  });
  if (isFaulty(resolved)) return faulty(resolved[0]);
  const changes = differences(deployment.spec, resolved.spec);
  if (changes.length === 0) return undefined;
  if (changes.some(({ pointer }) => pointer.startsWith('/configuration'))) {
    const version = await versions(deployment);
    const faults = checkConfiguration(resolved.spec.configuration, version?.configurationSchema ?? null);
    if (faults.length > 0) return faulty(faults[0]);
  }
  const hasJob = deployment.status.state === 'running';
  const drift = hasJob ? driftOf(deployment.spec, resolved.spec) : [];
  const verb = upgradingVerb(drift, resolved.spec);
  const { id: deploymentId, status } = deployment;
  return { ...names, deploymentId, jobId: status.jobId, changes, verb, pending: verb === null ? drift : [] };
}

/** Reads the layers of a namespace and a target once, however many deployments inherit them. */
function layersOnce({ stores }: Platform) {
  const known = new Map<string, Promise<SpecLayers>>();
  return ({ namespace, spec: { target } }: Deployment) => {
    const key = `${namespace}/${target}`;
    const found = known.get(key) ?? stores.deployments.layers(namespace, target);
    known.set(key, found);
    return found;
  };
}

/** Reads every version once, however many deployments run it. */
function versionsOf({ stores }: Platform) {
  const known = new Map<string, Promise<ApplicationVersion | undefined>>();
  return ({ namespace, spec: { application, version } }: Deployment) => {
    const key = `${namespace}/${application}/${version}`;
    const found = known.get(key) ?? stores.versions.get(namespace, application, version);
    known.set(key, found);
    return found;
  };
}

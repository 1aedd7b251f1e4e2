/** What deployments inherit, read from the table in as few requests as there can be. */
import { DEFAULT_TARGET } from '#contract/resources/deployment-target.ts';
import type { SpecLayers } from '#contract/resolve-spec.ts';
import { readItems } from './database.ts';
import type { Database } from './database.ts';
import { defaultsOf } from './defaults.ts';
import { keys } from './table.ts';
import { targetOf } from './targets.ts';

/** Layers of a namespace, for deployments on whatever target. */
export interface LayersOfNamespace {
  /** When the newest of them was changed. */
  readonly modifiedAt: string;
  on(target: string): SpecLayers;
}

/**
 * Reads the layers for deployments of a namespace on some targets.
 *
 * Always from the table: a changed default is in effect with the next request, wherever that one is served.
 */
export async function readLayers(
  database: Database,
  region: string,
  namespace: string,
  targets: Iterable<string>,
): Promise<LayersOfNamespace> {
  const names = [...new Set([DEFAULT_TARGET, ...targets])];
  const [global, ofNamespace, ...found] = await readItems(database, [
    keys.defaults(null),
    keys.defaults(namespace),
    ...names.map((name) => keys.target(name)),
  ]);
  const platformWide = defaultsOf(null, global);
  const inherited = defaultsOf(namespace, ofNamespace);
  const byName = new Map(names.map((name, index) => [name, targetOf(name, found[index])]));
  const times = [platformWide, inherited, ...byName.values()].map((layer) => layer?.modifiedAt ?? '');
  return {
    modifiedAt: times.reduce((newest, time) => (time > newest ? time : newest), ''),
    on: (target) => ({
      global: platformWide.settings,
      namespace: inherited.settings,
      target: byName.get(target),
      region,
    }),
  };
}

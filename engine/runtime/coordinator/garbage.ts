import { chunksOf, type LocatedManifest } from './manifest.ts';
import { storageKeys } from './storage-keys.ts';

/** Folders with objects that are collected. */
export function collectedFolders(prefix: string): readonly string[] {
  return [storageKeys.pool(prefix), storageKeys.jobs(prefix)];
}

/**
 * True for chunks and checkpoints that the owner of an epoch may delete: those of its own and of epochs before.
 * Version 1 had no epochs in its keys, and no job of that version lives beside one of this.
 */
export function isCollectable(prefix: string, key: string, epoch: number): boolean {
  if (!key.startsWith(`${prefix}/`)) return false;
  const [, of] = /^(?:chunks|jobs\/[^/]+)\/(\d+)\/(?:[0-9a-f]{64}(?:-\d+)?|chk-\d+\.json)$/.exec(
    key.slice(prefix.length + 1),
  ) ?? [undefined, undefined];
  if (of !== undefined) return Number(of) <= epoch;
  return /^jobs\/[^/]+\/(?:chunks\/[^/]+|chk-\d+\.json)$/.test(key.slice(prefix.length + 1));
}

/** Objects to judge, and all that may refer to one. */
export interface Holdings {
  readonly objects: Iterable<string>;
  /** Retained checkpoints, and savepoints that name chunks of the deployment. */
  readonly manifests: Iterable<LocatedManifest>;
  /** Chunks of the running job's chains, and objects that it writes just now. */
  readonly held: Iterable<string>;
}

/** The objects that nobody refers to. */
export function garbageOf({ objects, manifests, held }: Holdings): string[] {
  const needed = new Set(held);
  for (const { key, manifest } of manifests) {
    needed.add(key);
    for (const chunk of chunksOf(manifest)) needed.add(chunk.key);
  }
  return [...objects].filter((key) => !needed.has(key));
}

/** Application versions in the table, numbered from 1: one for each bundle, at most one for each tag. */
import * as z from 'zod';
import { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removed, removedAt, replaced } from './database.ts';
import { labelFilter } from './label-filter.ts';
import { readAll, readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** Which versions a list shows. */
export interface VersionFilter {
  readonly label?: readonly string[] | undefined;
  readonly tag?: string | undefined;
  /** The beginning of a commit. */
  readonly commit?: string | undefined;
  readonly retired?: 'true' | 'false' | undefined;
}

/** Versions of an application by number, by tag and by the hash of the bundle. */
export interface VersionStore {
  get(namespace: string, application: string, version: number): Promise<ApplicationVersion | undefined>;
  byHash(namespace: string, application: string, sha256: string): Promise<ApplicationVersion | undefined>;
  byTag(namespace: string, application: string, tag: string): Promise<ApplicationVersion | undefined>;
  list(
    namespace: string,
    application: string,
    request: PageRequest & VersionFilter,
  ): Promise<Page<ApplicationVersion>>;
  /** Hashes of the bundles of all its versions; for housekeeping. */
  hashes(namespace: string, application: string): Promise<string[]>;
  /** Every version, the newest first; for housekeeping, not for callers. */
  all(namespace: string, application: string): Promise<ApplicationVersion[]>;
  /** The version with the reservations of its hash and tag. */
  created(version: ApplicationVersion): Write[];
  /** `after` carries its new revision; only its tag, labels and retirement may differ. */
  replaced(before: ApplicationVersion, after: ApplicationVersion): Write[];
  /** Its first half: from then on no deployment can state it, until it is replaced. */
  deletionBegun(version: ApplicationVersion): Write;
  /** Its second half: the version goes with its reservations. */
  removed(version: ApplicationVersion): Write[];
}

const Pointer = z.object({ version: z.int().min(1) });

export function versionStore(database: Database): VersionStore {
  const get: VersionStore['get'] = async (namespace, application, version) => {
    const found = await readItem(database, keys.version(namespace, application, version));
    return found === undefined ? undefined : ApplicationVersion.parse(found);
  };
  const listOf = (namespace: string, application: string) => ({
    partition: partitions.versions(namespace, application),
    prefix: prefixes.version,
    parse: (found: unknown): ApplicationVersion => ApplicationVersion.parse(found),
  });
  return {
    get,
    async byHash(namespace, application, sha256) {
      const found = await readItem(database, keys.versionByHash(namespace, application, sha256));
      if (found === undefined) return undefined;
      return get(namespace, application, Pointer.parse(found).version);
    },
    async byTag(namespace, application, tag) {
      const found = await readItem(database, keys.versionByTag(namespace, application, tag));
      if (found === undefined) return undefined;
      return get(namespace, application, Pointer.parse(found).version);
    },
    list: (namespace, application, request) =>
      readPage(database, { ...listOf(namespace, application), ...matching(request) }, request),
    hashes: (namespace, application) =>
      readAll(database, {
        partition: partitions.versions(namespace, application),
        prefix: prefixes.versionByHash,
        parse: (found) => String(found['sk']).slice(prefixes.versionByHash.length),
      }),
    all: (namespace, application) => readAll(database, listOf(namespace, application)),
    ...changesOf(database),
  };
}

type Changes = Pick<VersionStore, 'created' | 'replaced' | 'deletionBegun' | 'removed'>;

function changesOf(database: Database): Changes {
  const keyOf = ({ namespace, application, version }: ApplicationVersion) =>
    keys.version(namespace, application, version);
  const tagKeyOf = ({ namespace, application }: ApplicationVersion, tag: string) =>
    keys.versionByTag(namespace, application, tag);
  const tagged = (version: ApplicationVersion, tag: string): Write =>
    created(database, 'version-tag', { ...tagKeyOf(version, tag), version: version.version });
  const hashKeyOf = ({ namespace, application, sha256 }: ApplicationVersion) =>
    keys.versionByHash(namespace, application, sha256);
  const put = (version: ApplicationVersion, revision: number, mark: object): Write =>
    replaced(database, 'version', { ...keyOf(version), ...version, ...mark }, revision);
  return {
    created: (version) => [
      created(database, 'version', { ...keyOf(version), ...version }),
      created(database, 'version', { ...hashKeyOf(version), version: version.version }),
      ...(version.tag === null ? [] : [tagged(version, version.tag)]),
    ],
    replaced(before, after) {
      const isSameTag = before.tag === after.tag;
      return [
        put(after, before.revision, {}),
        ...(isSameTag || before.tag === null
          ? []
          : [removed(database, 'version-tag', tagKeyOf(before, before.tag))]),
        ...(isSameTag || after.tag === null ? [] : [tagged(after, after.tag)]),
      ];
    },
    deletionBegun: (version) =>
      put({ ...version, revision: version.revision + 1 }, version.revision, { deleting: true }),
    removed: (version) => [
      removedAt(database, 'version', keyOf(version), version.revision),
      removed(database, 'version', hashKeyOf(version)),
      ...(version.tag === null ? [] : [removed(database, 'version-tag', tagKeyOf(version, version.tag))]),
    ],
  };
}

function matching({ label = [], tag, commit, retired }: VersionFilter) {
  const labels = labelFilter(label);
  return {
    filter: [labels.id, tag ?? '', commit ?? '', retired ?? ''].join(';'),
    matches: (version: ApplicationVersion): boolean =>
      labels.matches(version.labels) &&
      (tag === undefined || version.tag === tag) &&
      (commit === undefined || version.commit?.startsWith(commit) === true) &&
      (retired === undefined || (version.retiredAt !== null) === (retired === 'true')),
  };
}

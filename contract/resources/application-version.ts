import * as z from 'zod';
import { Actor, Labels, Name, Revision, Sha256, Timestamp } from './metadata.ts';

export const Exchange = z.enum(['forward', 'hash', 'rebalance', 'broadcast']).meta({ id: 'Exchange' });

/** A declared state of an operator: its identity is (operator name, state name). */
export const StateDescription = z
  .object({
    name: z.string(),
    kind: z.string(),
    schema: z.string(),
    ttlMs: z.number().optional(),
    /** Types as the engine writes them, of what is kept and of map keys: by these versions are compared. */
    valueType: z.record(z.string(), z.unknown()).optional(),
    migratesFrom: z.array(z.record(z.string(), z.unknown())).optional(),
    keyType: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'StateDescription' });
export type StateDescription = z.infer<typeof StateDescription>;

/** One operator of the dataflow graph, as data. */
export const OperatorDescription = z
  .object({
    /** 32 hexadecimal characters: the hash of the name, as Flink derives it from a uid. */
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    parallelism: z.int().min(1).optional(),
    inputs: z.array(z.object({ from: z.string(), output: z.string(), exchange: Exchange })),
    state: z.array(StateDescription),
    /** Connector, window, guarantee and the like, for people to read. */
    description: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'OperatorDescription' });
export type OperatorDescription = z.infer<typeof OperatorDescription>;

/** What the program described when it was pushed; the console draws it and the verdict compares it. */
export const GraphDescription = z
  .object({ nodes: z.array(OperatorDescription).max(500) })
  .meta({ id: 'GraphDescription' });
export type GraphDescription = z.infer<typeof GraphDescription>;

const KINDS = ['typescript'] as const;

/** What a version is made of. */
export const VersionKind = z
  .enum(KINDS, {
    error: ({ input }) =>
      `must be ${KINDS.join(' or ')}: versions of kind ${JSON.stringify(input)} cannot be run by this platform`,
  })
  .meta({ id: 'VersionKind' });

/** A name for people, one version of an application each: `c8b3f`, asked for as `fraud-detection@c8b3f`. */
export const VersionTag = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'must be 1 to 128 letters, digits, dots, underscores or hyphens, and begin with a letter or digit',
  )
  .meta({ id: 'VersionTag', examples: ['c8b3f'] });

/** A version in a path: its number, or its tag behind an `@`. */
export const VersionReference = z
  .string()
  .regex(
    /^(?:[1-9][0-9]{0,8}|@[A-Za-z0-9][A-Za-z0-9._-]{0,127})$/,
    'must be the number of a version, or "@" and its tag',
  )
  .meta({ id: 'VersionReference', examples: ['7', '@c8b3f'] });

/** A built version: what it holds never changes; the same bundle pushed twice is one version. */
export const ApplicationVersion = z
  .object({
    application: Name,
    namespace: Name,
    /** From 1, in the order of pushing. */
    version: z.int().min(1),
    /** Of the bundle. The worker recomputes it and refuses to run anything else. */
    sha256: Sha256,
    sizeBytes: z.int().min(1),
    /** Of the graph's canonical JSON; the worker rebuilds the graph and compares. */
    graphHash: Sha256,
    graph: GraphDescription,
    /** JSON Schema of the configuration; null when the application takes none. */
    configurationSchema: z.record(z.string(), z.unknown()).nullable(),
    kind: VersionKind.default('typescript'),
    tag: VersionTag.nullable(),
    commit: z.string().max(64).nullable(),
    branch: z.string().max(256).nullable().default(null),
    /** Files differed from the commit when it was pushed. */
    dirty: z.boolean().default(false),
    author: z.string().max(256).nullable(),
    labels: Labels.default({}),
    /** From then on it cannot be newly deployed; what runs it goes on. */
    retiredAt: Timestamp.nullable().default(null),
    createdAt: Timestamp,
    createdBy: Actor,
    /** Counts changes of tag, labels and retirement. */
    revision: Revision.default(1),
  })
  .meta({ id: 'ApplicationVersion' });
export type ApplicationVersion = z.infer<typeof ApplicationVersion>;

// 250 MiB: more would have to be hashed for longer than a request may take.
const SIZE_LIMIT_BYTES = 262_144_000;

const SizeBytes = z.int().min(1).max(SIZE_LIMIT_BYTES);

/** Registers a bundle that was uploaded before. */
export const ApplicationVersionInput = z
  .strictObject({
    sha256: Sha256,
    sizeBytes: SizeBytes,
    graphHash: Sha256,
    graph: GraphDescription,
    configurationSchema: z.record(z.string(), z.unknown()).nullable().default(null),
    kind: VersionKind.default('typescript'),
    tag: VersionTag.nullable().default(null),
    labels: Labels.default({}),
    commit: z.string().min(1).max(64).nullable().default(null),
    branch: z.string().min(1).max(256).nullable().default(null),
    dirty: z.boolean().default(false),
    author: z.string().min(1).max(256).nullable().default(null),
  })
  .meta({ id: 'ApplicationVersionInput' });
export type ApplicationVersionInput = z.infer<typeof ApplicationVersionInput>;

/** What may change of a version: RFC 7386, an absent member stays, null removes. */
export const ApplicationVersionPatch = z
  .strictObject({
    tag: VersionTag.nullable().optional(),
    labels: z.record(z.string(), z.string().nullable()).optional(),
    retired: z.boolean().optional(),
  })
  .meta({ id: 'ApplicationVersionPatch' });
export type ApplicationVersionPatch = z.infer<typeof ApplicationVersionPatch>;

export const UploadInput = z
  .strictObject({ sha256: Sha256, sizeBytes: SizeBytes })
  .meta({ id: 'UploadInput' });

/**
 * A large bundle in parts of `partBytes`, the last one shorter: PUT each missing one to its address, without headers,
 * then complete the upload. Whoever asks again is told what is missing then, so a cut upload goes on.
 */
export const UploadParts = z
  .object({
    uploadId: z.string().min(1).max(1024),
    partBytes: z.int().min(1),
    missing: z.array(z.object({ number: z.int().min(1), url: z.url() })),
  })
  .meta({ id: 'UploadParts' });
export type UploadParts = z.infer<typeof UploadParts>;

/** Where to PUT the bundle at once, with exactly these headers; `url` is null when the bundle is there already. */
export const Upload = z
  .object({
    url: z.url().nullable(),
    headers: z.record(z.string(), z.string()),
    /** The other way, for bundles that are larger than one part; null for all others. */
    parts: UploadParts.nullable(),
    expiresAt: Timestamp,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

/** Says that all parts were sent. */
export const UploadCompletion = z
  .strictObject({ uploadId: z.string().min(1).max(1024), sizeBytes: SizeBytes })
  .meta({ id: 'UploadCompletion' });

/** A bundle that was put together of its parts; its hash is verified when it is registered. */
export const CompletedUpload = z
  .object({ sha256: Sha256, sizeBytes: z.int() })
  .meta({ id: 'CompletedUpload' });

import * as z from 'zod';

/** An object of a savepoint, with an address that holds for a quarter of an hour and is a secret until then. */
const AddressedObject = z.object({ key: z.string(), url: z.string() });

/** Objects of a savepoint in the order in which an export reads them: its manifest, then its chunks. */
export const SavepointObjects = z
  .object({
    items: z.array(AddressedObject),
    /** Number to go on from; null where all were given. */
    next: z.int().nullable(),
  })
  .meta({ id: 'SavepointObjects' });
export type SavepointObjects = z.infer<typeof SavepointObjects>;

export const SavepointObjectsQuery = z.object({ from: z.coerce.number().int().min(0).default(0) });

/** Names that lead nowhere but into the savepoint's own folder. */
const ObjectName = z
  .string()
  .max(200)
  .regex(/^(?:manifest\.json|chunks\/[\w-]+\/[\w-]+)$/, 'must be manifest.json or chunks/<folder>/<name>');

/** Objects of a savepoint that is being imported. */
export const SavepointUploadsInput = z
  .strictObject({ names: z.array(ObjectName).min(1).max(100) })
  .meta({ id: 'SavepointUploadsInput' });

/** Where to put them, in the order of their names. */
export const SavepointUploads = z
  .object({ items: z.array(AddressedObject) })
  .meta({ id: 'SavepointUploads' });

import * as z from 'zod';

/** Lists come newest first, in pages; `next` is an opaque cursor, null on the last page. */
export function pageOf<T extends z.ZodType>(id: string, item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() }).meta({ id });
}

export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(1024).optional(),
});

/** `label=team:payments`, repeatable: all must match. */
export const LabelFilter = z.object({
  label: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .optional(),
});

export const DryRun = z.object({
  /** Answers the plan and changes nothing. */
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
});

/** Why a document is changed: kept with the revision that the change makes. */
export const Reason = z.object({ reason: z.string().max(500).default('') });

/** Says of a change that the state may be lost which it gives up. */
export const AcceptStateLoss = z.object({
  acceptStateLoss: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
});

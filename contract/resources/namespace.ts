import * as z from 'zod';
import { Name, Revision, Timestamp } from './metadata.ts';

/** The boundary between tenants: names are unique within one. `default` always exists. */
export const Namespace = z
  .object({
    name: Name,
    description: z.string().max(500),
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Namespace' });
export type Namespace = z.infer<typeof Namespace>;

export const NamespaceInput = z
  .strictObject({ name: Name, description: z.string().max(500).default('') })
  .meta({ id: 'NamespaceInput' });
export type NamespaceInput = z.infer<typeof NamespaceInput>;

export const NamespacePatch = z
  .strictObject({ description: z.string().max(500).optional() })
  .meta({ id: 'NamespacePatch' });
export type NamespacePatch = z.infer<typeof NamespacePatch>;

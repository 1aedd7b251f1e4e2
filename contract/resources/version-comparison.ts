import * as z from 'zod';
import { ApplicationVersion, Exchange } from './application-version.ts';
import { Difference } from './difference.ts';
import { Name } from './metadata.ts';
import { Verdict } from './verdict.ts';

export const Change = z.enum(['added', 'removed', 'changed']).meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

/** A version without its graph and schema. */
export const VersionSummary = ApplicationVersion.omit({ graph: true, configurationSchema: true }).meta({
  id: 'VersionSummary',
});
export type VersionSummary = z.infer<typeof VersionSummary>;

/** An operator that only one version has, or that both have differently. */
export const OperatorChange = z
  .object({
    name: z.string(),
    kind: z.string(),
    change: Change,
    /** Of its parallelism, its description and the schemas of its state; empty where it is new or gone. */
    differences: z.array(Difference),
  })
  .meta({ id: 'OperatorChange' });
export type OperatorChange = z.infer<typeof OperatorChange>;

/** A way of records from one operator to another that only one version has. */
export const EdgeChange = z
  .object({
    change: z.enum(['added', 'removed']),
    from: z.string(),
    to: z.string(),
    output: z.string(),
    exchange: Exchange,
  })
  .meta({ id: 'EdgeChange' });
export type EdgeChange = z.infer<typeof EdgeChange>;

/** A field of the configuration that the versions take differently. */
export const ConfigurationChange = z
  .object({
    /** JSON Pointer of the field in a configuration. */
    pointer: z.string(),
    change: Change,
    /** What changed, as a sentence without a period. */
    message: z.string(),
    /** A configuration that the first version takes may be refused by the second one. */
    breaking: z.boolean(),
  })
  .meta({ id: 'ConfigurationChange' });
export type ConfigurationChange = z.infer<typeof ConfigurationChange>;

/** What differs between two versions of an application, read without running either. */
export const VersionComparison = z
  .object({
    application: Name,
    namespace: Name,
    before: VersionSummary,
    after: VersionSummary,
    /** Both hold the same bytes. */
    identical: z.boolean(),
    sizeDifferenceBytes: z.int(),
    operators: z.array(OperatorChange),
    edges: z.array(EdgeChange),
    configuration: z.array(ConfigurationChange),
    /** Whether `after` can begin from state of `before`. */
    verdict: Verdict,
  })
  .meta({ id: 'VersionComparison' });
export type VersionComparison = z.infer<typeof VersionComparison>;

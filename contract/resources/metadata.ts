/** What every resource that people create has in common. */
import * as z from 'zod';

/** Names are immutable and unique among the siblings of their kind; they stand in URLs as they are. */
export const Name = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be 1 to 63 lower-case letters, digits or hyphens, begin with a letter and not end with a hyphen',
  )
  .meta({ id: 'Name', examples: ['payments-production'] });

/** RFC 3339 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime().meta({ id: 'Timestamp', examples: ['2026-01-31T12:00:00.000Z'] });

/** For selecting: short values, matched exactly by `?label=key:value`. */
export const Labels = z
  .record(z.string().regex(/^[a-zA-Z0-9]([a-zA-Z0-9._/-]{0,61}[a-zA-Z0-9])?$/), z.string().max(63))
  .meta({ id: 'Labels' });

/** For people and tools: never selected by. A key `link/<title>` holds an address that the console shows. */
export const Annotations = z
  .record(z.string().min(1).max(128), z.string().max(2048))
  .meta({ id: 'Annotations' });

/** Counts the changes of a resource, from 1; its decimal text is the resource's ETag. */
export const Revision = z.int().min(1).meta({ id: 'Revision' });

/** Time-ordered unique id: 26 characters of Crockford's base 32, in lower case. */
export const Ulid = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{26}$/, 'must be an id: 26 lower-case letters and digits, without i, l, o and u')
  .meta({ id: 'Ulid' });

/** 64 lower-case hexadecimal characters. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lower-case hexadecimal characters')
  .meta({ id: 'Sha256' });

/** Who did it: `user:<subject>`, `token:<id>` or `system:<part>`. */
export const Actor = z
  .string()
  .min(1)
  .max(256)
  .meta({ id: 'Actor', examples: ['user:admin'] });

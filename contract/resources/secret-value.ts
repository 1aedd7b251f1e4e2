/** Values that configurations refer to and that nobody reads. */
import * as z from 'zod';
import { sensitive } from '../sensitive.ts';
import { Actor, Name, Timestamp } from './metadata.ts';

/** Where a value lies that somebody else keeps: a secret of Secrets Manager or a parameter of Systems Manager. */
export const SecretReference = z
  .string()
  .max(2048)
  .regex(
    /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:.+|ssm:[a-z0-9-]+:\d{12}:parameter\/.+)$/,
    'must be the ARN of a secret of Secrets Manager or of a parameter of Systems Manager',
  )
  .meta({ id: 'SecretReference' });

/** A named secret of a namespace, used in configurations as `{{secret.<name>}}`. Its value is never answered. */
export const SecretValue = z
  .object({
    name: Name,
    namespace: Name,
    /** Null when the platform itself keeps the value. */
    reference: SecretReference.nullable(),
    /** Counts the values that it had, from 1; a job uses the one of its start. */
    version: z.int().min(1),
    description: z.string().max(500),
    /** Deployments whose configuration refers to it. */
    users: z.array(Name).default([]),
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    modifiedBy: Actor,
  })
  .meta({ id: 'SecretValue' });
export type SecretValue = z.infer<typeof SecretValue>;

// The platform may read all that it keeps: a reference to it would open the secrets of one namespace to another.
const ForeignReference = SecretReference.refine(
  (arn) => !/^[^:]*:[^:]*:secretsmanager:[^:]*:[^:]*:secret:headwater\//.test(arn),
  'must not name a secret that the platform keeps itself; set its value instead',
);

/** A value to keep, or where one lies. */
export const SecretValueInput = z
  .union([
    z.strictObject({
      value: sensitive(z.string().min(1).max(65_536)),
      description: z.string().max(500).default(''),
    }),
    z.strictObject({ reference: ForeignReference, description: z.string().max(500).default('') }),
  ])
  .meta({ id: 'SecretValueInput' });
export type SecretValueInput = z.infer<typeof SecretValueInput>;

import type { Schema } from '../data/schema.ts';
import { outputSchema } from '../graph/output-schema.ts';
import type { Output } from './stream.ts';

/** Stands for records whose shape nobody has declared; they are kept by the self-describing codec. */
export const undeclared: Schema = {
  '~standard': { version: 1, vendor: 'headwater', validate: (value) => ({ value }) },
};

/** The schema by which an operator keeps records of its input. */
export function recordSchema({ builder, operator, output }: Output): Schema {
  return outputSchema(builder.graph, operator, output) ?? undeclared;
}

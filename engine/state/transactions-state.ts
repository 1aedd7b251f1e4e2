import type { Schema } from '../data/schema.ts';
import type { StateDeclaration } from './declaration.ts';

/** Sinks write data of their own, which describes itself. */
const anyData: Schema = {
  '~standard': { version: 1, vendor: 'any data', validate: (value) => ({ value }) },
};

/**
 * What a transactional sink has prepared and not committed. Every subtask reads all of it: it takes a share, and must
 * know of the rest that it is not left over.
 */
export const transactionsState: StateDeclaration = {
  name: 'transactions',
  kind: 'operator-list',
  schema: anyData,
  restore: 'union',
};

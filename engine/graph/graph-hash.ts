import { createHash } from 'node:crypto';
import type { GraphDescription } from './describe-graph.ts';

/**
 * SHA-256 of a graph's structure, in hexadecimal: operators, edges and state, wherever they are built.
 *
 * What an operator says about itself (`description`) is left out: it shows values of the configuration, which a
 * deployment chooses and a version does not know.
 */
export function graphHash({ nodes }: GraphDescription): string {
  const structure = nodes.map(({ description: _, state, ...node }) => ({
    ...node,
    // The types are in `schema` already, as text; what is done with older ones changes no state.
    state: state.map(({ valueType: _value, keyType: _key, migratesFrom: _from, ...cell }) => cell),
  }));
  return createHash('sha256').update(JSON.stringify(structure, sortedKeys)).digest('hex');
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

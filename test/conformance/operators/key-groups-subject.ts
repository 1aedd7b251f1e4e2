import {
  booleanHash,
  combinedHash,
  doubleHash,
  longHash,
  numberHash,
  stringHash,
} from '#engine/data/java-hash.ts';
import {
  defaultMaxParallelism,
  javaHash,
  keyGroupOfHash,
  keyGroupRange,
  subtaskOf,
} from '#engine/data/key-groups.ts';
import { checkedKey, isKey } from '#engine/data/keys.ts';
import type { Case, CaseInput, CaseOutput } from './case.ts';

/** The Java type of a key; of a tuple or row those of its fields. */
type KeyType =
  | 'string'
  | 'int'
  | 'long'
  | 'bool'
  | 'double'
  | { readonly type: 'tuple' | 'row'; readonly fields: readonly KeyType[] };

/** Where keys go on so many subtasks. */
export interface KeyGroupsCase {
  readonly maxParallelism: number;
  readonly parallelism: number;
  readonly keyType?: KeyType;
}

/** Key groups are a rule and no operator: the answers come straight from the engine's functions. */
export function keyGroupsSubject({ operator, input }: Case<KeyGroupsCase>): () => readonly CaseOutput[] {
  return () => input.map((each, at) => ({ at, ...answer(operator, each) }));
}

function answer(
  { maxParallelism, parallelism, keyType = 'string' }: KeyGroupsCase,
  { key, rangeOf, defaultMaxParallelismOf }: CaseInput,
): Omit<CaseOutput, 'at'> {
  if (rangeOf !== undefined) {
    return { ...keyGroupRange(rangeOf, maxParallelism, parallelism) };
  }
  if (defaultMaxParallelismOf !== undefined) {
    return { maxParallelism: defaultMaxParallelism(defaultMaxParallelismOf) };
  }
  const hashCode = hashOf(key, keyType);
  const keyGroup = keyGroupOfHash(hashCode, maxParallelism);
  return { keyGroup, subtask: subtaskOf(keyGroup, maxParallelism, parallelism), hashCode };
}

function hashOf(key: unknown, type: KeyType): number {
  if (typeof type === 'object') {
    return hashOfFields(key as readonly unknown[], type); // tuples and rows are arrays in the suite
  }
  if (key === null) {
    return 0;
  }
  switch (type) {
    case 'string':
      return stringHash(String(key));
    case 'bool':
      return booleanHash(key === true);
    case 'int':
      return numberHash(Number(key));
    case 'long':
      return longHash(BigInt(String(key)));
    case 'double':
      return doubleHash(Number(key));
  }
}

/** The engine's own keys are primitives and tuples without type; where a type says the same, the engine's way is taken. */
function hashOfFields(fields: readonly unknown[], { type, fields: types }: Extract<KeyType, object>): number {
  const untyped = types.every((each) => each === 'string' || each === 'int' || each === 'bool');
  if (type === 'tuple' && untyped && isKey(fields)) {
    return javaHash(checkedKey(fields));
  }
  // A row begins with 1 as Java's lists do, a tuple with its first element.
  return fields.reduce<number>(
    (hash, field, index) => combinedHash(hash, hashOf(field, types[index] ?? 'string')),
    type === 'row' ? 1 : 0,
  );
}

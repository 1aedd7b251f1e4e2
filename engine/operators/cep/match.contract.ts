import type { OperatorContract } from '../operator-contract.contract.ts';
import type { ScriptRecord } from '../operator-script.contract.ts';
import { pattern } from '../../stream/pattern.ts';

const isLow = ({ n }: ScriptRecord): boolean => n < 30;
const isHigh = ({ n }: ScriptRecord): boolean => n >= 70;

/** Patterns over the records of each key. */
export const matchContracts: readonly OperatorContract[] = [
  {
    name: 'a match of three steps within a time',
    keyOf: keyOfMatch,
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .match(
          'op',
          pattern<ScriptRecord>()
            .begin('low', { where: isLow })
            .followedByAny('rising', {
              where: ({ n }, { low }) => n > low.n,
              oneOrMore: true,
              allowCombinations: true,
            })
            .followedBy('high', { where: isHigh })
            .within('3 seconds'),
        ),
  },
  {
    name: 'a match by absence that skips',
    keyOf: keyOfMatch,
    blocks: false,
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .match(
          'op',
          pattern<ScriptRecord>()
            .begin('low', { where: isLow, times: [1, 3], greedy: true })
            .notFollowedBy('high', { where: isHigh })
            .within('2 seconds'),
          { skip: 'past-last' },
        ),
  },
];

/** The key of a late record, or of the first record of a match. */
function keyOfMatch(value: unknown): unknown {
  const fields = value as Readonly<Record<string, unknown>>; // a record, or a match with one in its first field
  if ('key' in fields) {
    return fields['key'];
  }
  const [first] = [Object.values(fields)[0]].flat() as readonly ScriptRecord[];
  return first?.key;
}

import { seededRandom } from '../testing/seeded-random.ts';

/** What enters every operator of the contract. */
export interface ScriptRecord {
  readonly key: string;
  readonly n: number;
  readonly id: number;
}

/** One thing that happens to an operator. */
export type Step =
  | {
      readonly kind: 'record';
      readonly input: number;
      readonly value: ScriptRecord;
      readonly time: number;
    }
  | { readonly kind: 'watermark'; readonly input: number; readonly time: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'end'; readonly input: number };

/** How long a script is. */
export interface ScriptSize {
  readonly inputs: number;
  readonly rounds: number;
  /** Records of every input in every round, one behind the other. */
  readonly records: number;
}

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const ROUND_MS = 5000;
/** Records of a round reach into the next two, and a few belong to one long past. */
const SPREAD_MS = 10_000;
const LATE_SHARE = 0.06;

/** The same things in the same order, always: rounds of records out of order, some late, then time passes. */
export function script({ inputs, rounds, records }: ScriptSize): readonly Step[] {
  const random = seededRandom(7);
  const steps: Step[] = [];
  let id = 0;
  const inputNumbers = Array.from({ length: inputs }, (_, input) => input);
  for (let begin = 0; begin < rounds * ROUND_MS; begin += ROUND_MS) {
    for (const input of inputNumbers) {
      for (let count = 0; count < records; count++) {
        const late = random() < LATE_SHARE ? 4 * ROUND_MS : 0;
        const time = begin + Math.floor(random() * SPREAD_MS) - late;
        const key = KEYS[Math.floor(random() * KEYS.length)] ?? '';
        steps.push({ kind: 'record', input, value: { key, n: Math.floor(random() * 100), id: id++ }, time });
      }
    }
    steps.push({ kind: 'clock', byMs: 1000 });
    steps.push(
      ...inputNumbers.map((input): Step => ({ kind: 'watermark', input, time: begin + ROUND_MS - 1000 })),
    );
  }
  return [...steps, ...inputNumbers.map((input): Step => ({ kind: 'end', input }))];
}

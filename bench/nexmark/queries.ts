import { bidcount } from './queries/bidcount.ts';
import { q0 } from './queries/q0.ts';
import { q1 } from './queries/q1.ts';
import { q11 } from './queries/q11.ts';
import { q12 } from './queries/q12.ts';
import { q17 } from './queries/q17.ts';
import { q18 } from './queries/q18.ts';
import { q19 } from './queries/q19.ts';
import { q2 } from './queries/q2.ts';
import { q20 } from './queries/q20.ts';
import { q3 } from './queries/q3.ts';
import { q4 } from './queries/q4.ts';
import { q5 } from './queries/q5.ts';
import { q7 } from './queries/q7.ts';
import { q8 } from './queries/q8.ts';
import { q9 } from './queries/q9.ts';
import type { Query } from './query.ts';

/** Every query by its name, in the order in which they are run. */
export const queries = {
  q0,
  q1,
  q2,
  q3,
  q4,
  q5,
  q7,
  q8,
  q9,
  q11,
  q12,
  q17,
  q18,
  q19,
  q20,
  bidcount,
} as const satisfies Readonly<Record<string, Query>>;

export type QueryName = keyof typeof queries;

export function isQueryName(name: string): name is QueryName {
  return Object.hasOwn(queries, name);
}

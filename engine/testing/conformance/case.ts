/** Cases of the operator conformance suite, whose outputs Apache Flink 2.3 produced: test/data/operators. */
import { readFileSync } from 'node:fs';

/** A time: ms, or one of the ends of Java's long. */
export type CaseTime = number | 'min' | 'max';

/** One input; exactly one of the fields is there. */
export interface CaseInput {
  readonly record?: { readonly key: string; readonly value: unknown; readonly ts?: CaseTime };
  readonly watermark?: CaseTime;
  readonly idle?: boolean;
  readonly processingTime?: number;
  readonly snapshotAndRestore?: true;
  readonly parallelismTo?: number;
  readonly endOfInput?: true;
}

/** What Flink emitted for the input `at`. */
export interface CaseOutput {
  readonly at?: number;
  readonly record?: unknown;
  readonly side?: string;
  readonly ts?: CaseTime;
  readonly key?: string;
  readonly error?: string;
}

export interface Case<O> {
  readonly id: string;
  readonly operator: O & {
    readonly type: string;
    readonly parallelism?: number;
    readonly maxParallelism?: number;
  };
  readonly input: readonly CaseInput[];
  readonly output: readonly CaseOutput[];
}

/** All cases of a file. */
export function readCases<O>(file: string): readonly Case<O>[] {
  const path = new URL(`../../../test/data/operators/${file}.jsonl`, import.meta.url);
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Case<O>); // the suite's README has the shape
}

/** Cases of the operator conformance suite, whose outputs Apache Flink produced; test/data/operators/README.md has the format. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_WATERMARK, MIN_WATERMARK } from '#engine/data/record-batch.ts';

/** A time: ms, or one of the ends of Java's long. */
export type CaseTime = number | 'min' | 'max';

/** One input; exactly one of the fields is there, beside those that go with it. */
export interface CaseInput {
  readonly record?: { readonly key?: unknown; readonly value: unknown; readonly ts?: CaseTime };
  readonly watermark?: CaseTime;
  readonly idle?: boolean;
  readonly processingTime?: number;
  readonly snapshotAndRestore?: true;
  readonly parallelismTo?: number;
  readonly endOfInput?: true;
  readonly complete?: unknown;
  readonly results?: readonly unknown[];
  readonly error?: string;
  /** Which input, channel or united stream, from 1. */
  readonly input?: number;
  /** Of cases about key groups. */
  readonly key?: unknown;
  readonly rangeOf?: number;
  readonly defaultMaxParallelismOf?: number;
}

/** What was emitted for the input `at`. */
export interface CaseOutput {
  readonly at?: number;
  readonly record?: unknown;
  readonly side?: string;
  readonly ts?: CaseTime;
  readonly key?: unknown;
  readonly subtask?: number;
  readonly watermark?: CaseTime;
  readonly idle?: boolean;
  readonly error?: string;
  readonly [field: string]: unknown;
}

export interface Case<O = unknown> {
  readonly id: string;
  readonly title: string;
  readonly order?: 'timestamp' | 'any';
  readonly operator: O & {
    readonly type: string;
    readonly parallelism?: number;
    readonly maxParallelism?: number;
    /** `string` where it is left out. */
    readonly keyType?: unknown;
  };
  readonly input: readonly CaseInput[];
  readonly output: readonly CaseOutput[];
}

/** A time as the engine has it. */
export function timeOf(time: CaseTime): number {
  const ends = { min: MIN_WATERMARK, max: MAX_WATERMARK };
  return typeof time === 'number' ? time : ends[time];
}

/** Names of the case files of a directory, without their ending. */
export function caseFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort();
}

/** All cases of a file. */
export function readCases(directory: string, file: string): readonly Case[] {
  const lines = readFileSync(join(directory, `${file}.jsonl`), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Case); // the suite's README has the shape
}

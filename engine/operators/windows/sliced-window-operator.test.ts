import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregate, avg, count, max, min, sum } from '../../stream/aggregates.ts';
import type { WindowDefinition } from '../operator-definition.ts';
import { makeWindowOperator } from './make-window-operator.ts';
import { canSlice, SliceGrid } from './slice-grid.ts';
import { SlicedWindowOperator } from './sliced-window-operator.ts';
import { windowEnds } from './window-assigner.ts';
import { Subtasks } from './window-operator.fixture.ts';
import { WindowOperator } from './window-operator.ts';

type Click = { readonly key: string; readonly x: number };

const aggregates = {
  n: count<Click>(),
  total: sum((click: Click) => click.x),
  mean: avg((click: Click) => click.x),
  low: min((click: Click) => click.x),
  high: max((click: Click) => click.x),
  all: aggregate({
    init: (): number[] => [],
    add: (list, click: Click) => [...list, click.x],
    merge: (left, right) => [...left, ...right],
    result: (list) => list.toSorted((left, right) => left - right).join(),
  }),
};

function definitionOf(sizeMs: number, slideMs: number, latenessMs: number): WindowDefinition {
  return {
    kind: 'window',
    assigner: { kind: 'sliding', sizeMs, slideMs, offsetMs: 1 },
    latenessMs,
    aggregates,
  };
}

function sliced(definition: WindowDefinition, parallelism = 1): Subtasks {
  const { assigner } = definition;
  if (!canSlice(assigner)) {
    throw new Error('these windows cannot be sliced');
  }
  return new Subtasks(
    (host, metrics) => new SlicedWindowOperator(definition, new SliceGrid(assigner), { host, metrics }),
    parallelism,
  );
}

function unsliced(definition: WindowDefinition, parallelism = 1): Subtasks {
  return new Subtasks((host, metrics) => new WindowOperator(definition, host, metrics), parallelism);
}

type Step =
  | { readonly record: Click; readonly time: number }
  | { readonly watermark: number; readonly subtask: number | undefined }
  | { readonly restoreTo: number; readonly meanwhile: readonly Step[] };

const record = fc.record({
  record: fc.record({ key: fc.constantFrom('a', 'b', 'c'), x: fc.integer({ min: 0, max: 9 }) }),
  time: fc.integer({ min: -20, max: 60 }),
});
const watermark = fc.record({
  watermark: fc.integer({ min: -20, max: 80 }),
  subtask: fc.constantFrom(0, 1, undefined),
});
const restore = fc.record({
  restoreTo: fc.constantFrom(1, 2),
  meanwhile: fc.array(fc.oneof(record, watermark), { maxLength: 5 }),
});
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 8, arbitrary: record }, { weight: 4, arbitrary: watermark }, restore),
  { maxLength: 40 },
);

function run(subtasks: Subtasks, program: readonly Step[]): unknown[] {
  return program.map((step) => {
    give(subtasks, step);
    return subtasks.take();
  });
}

function give(subtasks: Subtasks, step: Step): void {
  if ('record' in step) {
    subtasks.record(step.record.key, step.record, step.time);
  } else if ('watermark' in step) {
    subtasks.watermark(step.watermark, step.subtask);
  } else {
    subtasks.restore(step.restoreTo, () => step.meanwhile.forEach((each) => give(subtasks, each)));
  }
}

describe('sliding windows by slices', () => {
  test('emit what windows of their own do, with late records, restores and other parallelisms', () => {
    fc.assert(
      fc.property(
        fc.constantFrom([10, 5], [10, 2], [10, 4], [6, 4], [9, 3]),
        fc.constantFrom(0, 3, 12, Number.MAX_SAFE_INTEGER),
        fc.constantFrom(1, 2),
        steps,
        ([size = 0, slide = 0], latenessMs, parallelism, program) => {
          const definition = definitionOf(size, slide, latenessMs);
          expect(run(sliced(definition, parallelism), program)).toEqual(
            run(unsliced(definition, parallelism), program),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('that had gone before a restore begin anew when they are opened again', () => {
    const program: readonly Step[] = [
      { record: { key: 'a', x: 1 }, time: 3 },
      { watermark: 6, subtask: undefined },
      { restoreTo: 1, meanwhile: [] },
      { record: { key: 'a', x: 2 }, time: 4 },
      { watermark: 100, subtask: undefined },
    ];
    const emitted = run(sliced(definitionOf(10, 5, 0)), program);
    expect(emitted).toEqual(run(unsliced(definitionOf(10, 5, 0)), program));
    const [, , , , last] = emitted;
    expect(String(last)).toMatch(/"end":6,"n":1,.*"end":11,"n":2,/);
  });

  test('go on from windows that were kept without slices', () => {
    const definition = definitionOf(10, 5, 0);
    let slices = false;
    const subtasks = new Subtasks((host, metrics) => {
      const { assigner } = definition;
      return slices && canSlice(assigner)
        ? new SlicedWindowOperator(definition, new SliceGrid(assigner), { host, metrics })
        : new WindowOperator(definition, host, metrics);
    });
    subtasks.record('a', { key: 'a', x: 1 }, 3);
    slices = true;
    subtasks.restore(1);
    subtasks.record('a', { key: 'a', x: 2 }, 4);
    subtasks.watermark(100);
    expect(subtasks.emitted.map(([, row]) => row)).toMatchObject([
      { start: -4, end: 6, n: 2, total: 3 },
      { start: 1, end: 11, n: 2, total: 3 },
    ]);
  });
});

describe('slices', () => {
  test('of a window are those whose windows it is among', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -1000, max: 1000 }),
        (sizeMs, slideMs, offset, time) => {
          fc.pre(slideMs < sizeMs);
          const offsetMs = offset % slideMs;
          const assigner = { kind: 'sliding', sizeMs, slideMs, offsetMs } as const;
          const grid = new SliceGrid(assigner);
          const slice = grid.sliceOf(time);
          const ends = grid.windowsOf(slice);
          expect(ends).toEqual(windowEnds(assigner)(time));
          expect(grid.firstWindowOf(slice)).toBe(ends.at(-1));
          expect(ends.every((end) => grid.slicesOf(end).includes(slice))).toBe(true);
        },
      ),
    );
  });

  test('are not used where windows do not overlap, slices are too many, or accumulators cannot merge', () => {
    const operatorOf = (definition: WindowDefinition): unknown => {
      let made: unknown;
      void new Subtasks((host, metrics) => {
        const operator = makeWindowOperator(definition, host, metrics);
        made = operator;
        return operator;
      });
      return made;
    };
    expect(operatorOf(definitionOf(10, 5, 0))).toBeInstanceOf(SlicedWindowOperator);
    expect(operatorOf(definitionOf(10, 10, 0))).toBeInstanceOf(WindowOperator);
    expect(operatorOf(definitionOf(10_000, 999, 0))).toBeInstanceOf(WindowOperator);
    const own = aggregate({ init: () => 0, add: (n: number) => n + 1, result: (n) => n });
    expect(operatorOf({ ...definitionOf(10, 5, 0), aggregates: { own } })).toBeInstanceOf(WindowOperator);
    expect(operatorOf({ ...definitionOf(10, 5, 0), earlyMs: 100 })).toBeInstanceOf(WindowOperator);
  });
});

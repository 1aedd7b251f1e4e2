import * as fc from 'fast-check';
import { t } from '../data/built-in-types.ts';
import type { Duration } from '../data/duration.ts';
import { count, max, sum } from '../stream/aggregates.ts';
import { application, type Application } from '../stream/application.ts';
import type { None } from '../stream/process-spec.ts';
import { value } from '../stream/state-cells.ts';
import type { Stream } from '../stream/stream.ts';
import { session, sliding, tumbling, type Window } from '../stream/windows.ts';
import { stubSink, stubSource } from './stub-connectors.ts';

/** What flows through random programs. */
export interface Reading {
  readonly key: string;
  readonly n: number;
  readonly at: number;
}

/** What a random program does before its last operator. */
export type Step = 'double' | 'odd' | 'twice' | 'nothing';

/** How a random program ends. */
export type End =
  | { readonly kind: 'tumbling'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'sliding'; readonly sizeMs: number; readonly slideMs: number }
  | { readonly kind: 'session'; readonly gapMs: number }
  | { readonly kind: 'counter' }
  | { readonly kind: 'reduce' };

/** A random program, as data: the engine builds it, the oracle computes it. */
export interface Program {
  readonly steps: readonly Step[];
  /** True: the records get another key, whether `n` is even. */
  readonly parity: boolean;
  readonly end: End;
}

const span = fc.constantFrom(500, 1000, 2000, 3000, 5000, 12_000);

const ends: fc.Arbitrary<End> = fc.oneof(
  fc.record({
    kind: fc.constant('tumbling' as const),
    sizeMs: span,
    offsetMs: fc.integer({ min: -400, max: 400 }),
  }),
  fc.record({ kind: fc.constant('sliding' as const), sizeMs: span, slideMs: span }),
  fc.record({ kind: fc.constant('session' as const), gapMs: span.map((ms) => ms + 7) }),
  fc.constant({ kind: 'counter' as const }),
  fc.constant({ kind: 'reduce' as const }),
);

export const programs: fc.Arbitrary<Program> = fc.record({
  steps: fc.array(fc.constantFrom<Step>('double', 'odd', 'twice', 'nothing'), { maxLength: 3 }),
  parity: fc.boolean(),
  end: ends,
});

/**
 * Times on both sides of zero, many of them on the borders of windows. Never right at the end of a session, where it
 * depends on the watermark whether two that touch are one.
 */
const times = fc.oneof(
  fc.integer({ min: -2000, max: 6000 }).map((hundredths) => hundredths * 10),
  fc.integer({ min: -200, max: 800 }).map((hundredths) => hundredths * 10),
  fc.integer({ min: -20, max: 60 }).map((seconds) => seconds * 1000),
);

export const readings: fc.Arbitrary<readonly Reading[]> = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), n: fc.integer({ min: 0, max: 9 }), at: times }),
  { maxLength: 40, size: 'max' },
);

export function withParity(record: Reading): Reading {
  return { ...record, key: record.n % 2 === 0 ? 'even' : 'odd' };
}

const READING = t.row({ key: t.string, n: t.int, at: t.instant });

/** The program as an application that reads these sources, united, and writes to `out`. */
export function applicationOf(
  program: Program,
  sources: readonly string[],
  watermark: Duration,
): Application<None> {
  return application('random', {
    build({ source }) {
      const inputs = sources.map((name) =>
        source(
          name,
          stubSource(READING, (record) => record.at),
          { watermark },
        ),
      );
      const [first, ...others] = inputs;
      const united = others.length === 0 ? first! : first!.union(...others); // every program has a source
      const prepared = program.steps.reduce<Stream<Reading>>(addStep, united);
      addEnd(prepared, program).to(stubSink('out'), 'out');
    },
  });
}

function addStep(stream: Stream<Reading>, step: Step): Stream<Reading> {
  switch (step) {
    case 'double':
      return stream.map((record) => ({ ...record, n: record.n * 2 }));
    case 'odd':
      return stream.filter((record) => record.n % 2 === 1);
    case 'twice':
      return stream.flatMap((record) => [record, { ...record, n: record.n + 1 }]);
    case 'nothing':
      return stream;
  }
}

function addEnd(stream: Stream<Reading>, program: Program): Pick<Stream<never>, 'to'> {
  const { end, parity } = program;
  const keyed = (parity ? stream.map(withParity) : stream).keyBy((record) => record.key);
  switch (end.kind) {
    case 'counter':
      return keyed.process('end', {
        output: t.row({ key: t.string, n: t.int }),
        state: { count: value(t.int) },
        onRecord(_, ctx) {
          const next = (ctx.state.count.get() ?? 0) + 1;
          ctx.state.count.set(next);
          ctx.emit({ key: ctx.key, n: next });
        },
      });
    case 'reduce':
      return keyed.reduce('end', (left, right) => ({ ...right, n: left.n + right.n }));
    default:
      return keyed.window(windowOf(end)).aggregate('end', {
        n: count(),
        sum: sum((record) => record.n),
        high: max((record) => record.n),
      });
  }
}

function windowOf(end: Exclude<End, { kind: 'counter' | 'reduce' }>): Window {
  switch (end.kind) {
    case 'tumbling': {
      const offset = `${Math.abs(end.offsetMs)} ms` as const;
      return tumbling(`${end.sizeMs} ms`, { offset: end.offsetMs < 0 ? (`-${offset}` as Duration) : offset });
    }
    case 'sliding':
      return sliding(`${end.sizeMs} ms`, `${end.slideMs} ms`);
    case 'session':
      return session(`${end.gapMs} ms`);
  }
}

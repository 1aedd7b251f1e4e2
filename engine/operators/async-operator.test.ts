import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { keyGroupRange } from '../data/key-groups.ts';
import { operatorId } from '../data/operator-id.ts';
import type { StateOwner } from '../state/state-owner.ts';
import { openState, restoreState, TableSnapshot } from '../state/operator-state.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { AsyncOperator } from './async-operator.ts';
import type { AsyncDefinition, CallContext } from './operator-definition.ts';
import type { ChainNode } from './chain.ts';

/** A call as the service sees it. */
interface Asked extends CallContext {
  readonly value: string;
  readonly attempt: number;
  resolve(this: void, answer: unknown): void;
  reject(this: void, error: Error): void;
}

type Options = Partial<AsyncDefinition> & { readonly subtask?: number; readonly parallelism?: number };

/** An operator, with the world around it in the test's hands. */
class Bench {
  readonly asked: Asked[] = [];
  /** What left, in order: `answer@time`, `watermark 5`, `idle`. */
  readonly left: string[] = [];
  readonly operator: AsyncOperator;
  wakes = 0;
  now = 0;
  readonly #owner: StateOwner;

  constructor({ subtask = 0, parallelism = 1, ...more }: Options = {}, restored?: readonly SnapshotPart[]) {
    const definition: AsyncDefinition = {
      kind: 'async',
      call: (value: string, call: CallContext) => this.#ask(value, call),
      many: false,
      order: 'ordered',
      capacity: 10,
      ...more,
    };
    const node: ChainNode = {
      name: 'ask',
      id: operatorId('ask'),
      inputs: [],
      state: [{ name: 'calls', kind: 'calls', schema: t.string }],
      definition,
    };
    this.operator = new AsyncOperator(node, definition, {
      clock: { now: () => this.now },
      subtask,
      parallelism,
      random: () => 0,
      emitter: () => (value, time) => this.left.push(`${String(value)}@${time}`),
      time: {
        watermark: (watermark) => this.left.push(`watermark ${watermark}`),
        idle: (idle) => this.left.push(idle ? 'idle' : 'active'),
      },
      wake: () => (this.wakes += 1),
    });
    const keyGroups = keyGroupRange(subtask, 128, parallelism);
    this.#owner = {
      operatorId: node.id,
      operatorName: 'ask',
      subtask,
      parallelism,
      maxParallelism: 128,
      keyGroups,
    };
    if (restored !== undefined) {
      restoreState({ parts: () => restored }, this.#owner, this.operator.tables);
      this.operator.restored();
    }
  }

  #ask(value: string, call: CallContext): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers();
    const { attempt } = call;
    this.asked.push({
      value,
      attempt,
      get signal() {
        return call.signal;
      },
      resolve,
      reject,
    });
    return promise;
  }

  get values(): readonly string[] {
    return this.asked.map(({ value }) => value);
  }

  give(...values: readonly string[]): void {
    for (const value of values) this.operator.process(value, 1, undefined);
  }

  /** Answers the calls for these values, one after the other. */
  async answer(...values: readonly string[]): Promise<void> {
    for (const value of values) {
      this.asked.findLast((asked) => asked.value === value)?.resolve(value.toUpperCase());
      await nextTurn();
    }
    this.work();
  }

  async fail(value: string): Promise<void> {
    this.asked.findLast((asked) => asked.value === value)?.reject(new Error(`no ${value}`));
    await nextTurn();
  }

  work(): void {
    while (this.operator.work()) {
      // As a subtask does, as long as there is something to do.
    }
  }

  tick(now: number): void {
    this.now = now;
    this.operator.tick(now);
    this.work();
  }

  beginSnapshot(): TableSnapshot {
    return new TableSnapshot(openState(this.#owner, this.operator.tables), { now: () => 0 });
  }

  snapshot(): readonly SnapshotPart[] {
    const cursor = this.beginSnapshot();
    cursor.step(Infinity);
    return cursor.take();
  }
}

describe('asynchronous calls', () => {
  it('are no more than the capacity at once; what waits blocks and follows', async () => {
    const bench = new Bench({ capacity: 2 });
    bench.give('a', 'b');
    expect(bench.operator.blocked).toBe(false);
    bench.give('c', 'd');
    bench.operator.advance(5);
    bench.operator.idle(true);
    expect([bench.values, bench.operator.blocked, bench.operator.drained]).toEqual([['a', 'b'], true, false]);
    await bench.answer('a');
    expect(bench.values).toEqual(['a', 'b', 'c']);
    await bench.answer('b', 'c');
    expect([bench.values, bench.operator.blocked]).toEqual([['a', 'b', 'c', 'd'], false]);
    expect(bench.left).toEqual(['A@1', 'B@1', 'C@1', 'idle']);
    await bench.answer('d');
    expect(bench.left.slice(4)).toEqual(['D@1', 'watermark 5']);
    expect(bench.operator.drained).toBe(true);
  });

  it('hand answers on only in work, and ask for it', async () => {
    const bench = new Bench();
    bench.give('a');
    bench.asked[0]?.resolve('A');
    await nextTurn();
    expect([bench.wakes, bench.left]).toEqual([1, []]);
    expect([bench.operator.work(), bench.left, bench.operator.work()]).toEqual([true, ['A@1'], false]);
  });

  it('are told which attempt they are, after delays that grow to their limit', async () => {
    const bench = new Bench({ retry: { attempts: 4, delayMs: 100, backoff: 3, maxDelayMs: 500 } });
    bench.give('a');
    const dues = [100, 400, 900];
    for (const due of dues) {
      await bench.fail('a');
      bench.work();
      bench.tick(due - 1);
      const before = bench.asked.length;
      bench.tick(due);
      expect(bench.asked.length).toBe(before + 1);
    }
    expect(bench.asked.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    await bench.fail('a');
    expect(() => bench.work()).toThrow('Operator "ask" failed: no a');
  });

  it('fail with their record, whether the function rejects, throws, or judges wrongly', async () => {
    const rejected = new Bench();
    rejected.give('a', 'b');
    await rejected.fail('b');
    expect(thrownBy(rejected)).toMatchObject({
      operator: 'ask',
      record: '"b"',
      message: expect.stringMatching(/no b/),
    });
    const throwing = new Bench({
      call: () => {
        throw new Error('at once');
      },
    });
    throwing.give('a');
    expect(thrownBy(throwing)).toMatchObject({ record: '"a"', message: expect.stringMatching(/at once/) });
    const judging = new Bench({
      retry: {
        attempts: 2,
        delayMs: 1,
        backoff: 1,
        when: () => {
          throw new Error('misjudged');
        },
      },
    });
    judging.give('a');
    await judging.fail('a');
    expect(thrownBy(judging)).toMatchObject({ record: '"a"', message: expect.stringMatching(/misjudged/) });
    const single = new Bench({ many: true, call: () => Promise.resolve(7) });
    single.give('a');
    await nextTurn();
    expect(thrownBy(single)).toMatchObject({ message: expect.stringMatching(/asyncFlatMap takes an array/) });
  });

  it('time out with all their retries, and are aborted then', async () => {
    const bench = new Bench({
      timeoutMs: 250,
      onTimeout: (value: string) => `${value}?`,
      retry: { attempts: 9, delayMs: 100, backoff: 1 },
    });
    bench.give('a');
    await bench.fail('a');
    bench.work();
    bench.tick(100);
    const [, second] = bench.asked;
    bench.tick(249);
    expect([second?.signal.aborted, bench.left]).toEqual([false, []]);
    bench.tick(250);
    expect([second?.signal.aborted, bench.left]).toEqual([true, ['a?@1']]);
    await bench.answer('a');
    expect(bench.left).toEqual(['a?@1']);
  });

  it('have not timed out once the answer is there, however late it is handed on', async () => {
    const bench = new Bench({ timeoutMs: 100 });
    bench.give('a');
    bench.now = 99;
    bench.asked[0]?.resolve('A');
    await nextTurn();
    bench.now = 500;
    bench.operator.tick(500);
    bench.work();
    expect(bench.left).toEqual(['A@1']);
  });

  it('begin their time when they are made, not while they wait', async () => {
    const bench = new Bench({ capacity: 1, timeoutMs: 100, onTimeout: () => 'late' });
    bench.give('a', 'b');
    bench.tick(90);
    await bench.answer('a');
    bench.tick(189);
    expect(bench.left).toEqual(['A@1']);
    bench.tick(190);
    expect(bench.left).toEqual(['A@1', 'late@1']);
  });

  it('are given up when the operator closes, and reject unheard', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    onTestFinished(() => void process.off('unhandledRejection', hear));
    const bench = new Bench();
    bench.give('a', 'b');
    const { signal } = bench.asked[0]!; // it was just asked
    bench.operator.close();
    expect([signal.aborted, signal.reason]).toEqual([true, new Error('Operator "ask" was closed')]);
    await bench.fail('a');
    await bench.answer('b');
    expect([bench.left, bench.wakes, unheard]).toEqual([[], 0, []]);
  });
});

describe('calls in a snapshot', () => {
  it('are made again with what waited behind them, and those that had left are not', async () => {
    const bench = new Bench({ capacity: 3, order: 'unordered' });
    bench.give('a', 'b');
    bench.operator.advance(7);
    bench.give('c', 'd');
    await bench.answer('b');
    const next = new Bench({ capacity: 3, order: 'unordered' }, bench.snapshot());
    expect([next.values, next.operator.blocked]).toEqual([['a', 'c'], true]);
    await next.answer('c', 'a');
    expect([next.left, next.values]).toEqual([
      ['A@1', 'watermark 7', 'C@1'],
      ['a', 'c', 'd'],
    ]);
  });

  it('are those of its beginning, whatever leaves and comes while it is written', async () => {
    const bench = new Bench({ capacity: 1000 });
    const values = Array.from({ length: 300 }, (_, index) => `r${index}`);
    bench.give(...values);
    const cursor = bench.beginSnapshot();
    cursor.step(0);
    for (const { value, resolve } of bench.asked.slice(0, 250)) resolve(value);
    await nextTurn();
    bench.work();
    bench.give('later');
    cursor.step(Infinity);
    const next = new Bench({ capacity: 1000 }, cursor.take());
    expect(bench.left).toHaveLength(250);
    expect(next.values).toEqual(values);
  });

  it('lose their watermarks at another parallelism, where records of others join them', () => {
    const bench = new Bench();
    bench.give('a', 'b');
    bench.operator.advance(7);
    const parts = bench.snapshot();
    expect(new Bench({}, parts).operator.tables[0]?.entryCount).toBe(3);
    const halves = [0, 1].map((subtask) => new Bench({ subtask, parallelism: 2 }, parts));
    expect(halves.map(({ values }) => values)).toEqual([['a'], ['b']]);
    expect(halves.map(({ operator }) => operator.tables[0]?.entryCount)).toEqual([1, 1]);
  });

  it('hold idleness back until they are answered', async () => {
    const bench = new Bench();
    bench.give('a');
    const next = new Bench({}, bench.snapshot());
    next.operator.idle(true);
    next.operator.idle(false);
    next.operator.idle(true);
    expect(next.left).toEqual([]);
    await next.answer('a');
    next.operator.idle(false);
    expect(next.left).toEqual(['A@1', 'idle', 'active']);
  });
});

function thrownBy(bench: Bench): unknown {
  try {
    bench.work();
  } catch (error) {
    return error;
  }
  return undefined;
}

import { application } from '#engine/stream/application.ts';
import type { AsyncSpec, RetrySpec } from '#engine/stream/async.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import type { Subject } from './subject.ts';

/** An operator of asynchronous calls of the suite. */
export interface AsyncCase {
  readonly mode: 'ordered' | 'unordered';
  readonly capacity?: number;
  readonly timeout?: number;
  readonly timeoutResults?: readonly unknown[];
  readonly retry?: {
    readonly maxAttempts: number;
    readonly delay: number;
    readonly ifEmpty?: boolean;
    readonly ifError?: boolean;
  };
}

interface Asked {
  readonly id: unknown;
}

type Answers = readonly unknown[];

export function asyncSubject({ operator }: Case<AsyncCase>): Subject {
  const open = new Map<unknown, PromiseWithResolvers<Answers>>();
  const call = ({ id }: Asked): Promise<Answers> => {
    const resolvers = Promise.withResolvers<Answers>();
    open.set(id, resolvers);
    return resolvers.promise;
  };
  const program = application('case', {
    build({ source }) {
      source('in', pushedSource(anything<Asked>()))
        .asyncFlatMap('op', { call, ...optionsOf(operator) })
        .to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in'],
    asynchronous: true,
    record: ({ value }) => value,
    read: (captured) => ({ record: captured }),
    complete: ({ complete, results, error }) => {
      const resolvers = open.get(complete);
      open.delete(complete);
      if (error === undefined) {
        resolvers?.resolve(results ?? []);
      } else {
        resolvers?.reject(new Error(error));
      }
    },
  };
}

function optionsOf(operator: AsyncCase): Omit<AsyncSpec<Asked, unknown, Answers>, 'call'> {
  const { mode, capacity, timeout, timeoutResults, retry } = operator;
  return {
    order: mode,
    ...(capacity === undefined ? {} : { capacity }),
    ...(timeout === undefined ? {} : { timeout: `${timeout} ms` }),
    ...(timeoutResults === undefined
      ? {}
      : { onTimeout: ({ id }) => timeoutResults.map((result) => ({ timeout: id, result })) }),
    ...(retry === undefined ? {} : { retry: retryOf(retry) }),
  };
}

/** Flink's maximum counts retries, ours counts calls. */
function retryOf({
  maxAttempts,
  delay,
  ifEmpty,
  ifError,
}: NonNullable<AsyncCase['retry']>): RetrySpec<Answers> {
  return {
    attempts: maxAttempts + 1,
    delay: `${delay} ms`,
    when: (outcome) =>
      'error' in outcome ? ifError === true : ifEmpty === true && outcome.result.length === 0,
  };
}

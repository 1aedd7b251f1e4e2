import { closestName } from '#contract/closest-name.ts';
import { Problem } from '#contract/problems.ts';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { SinkPolicy } from '#contract/resources/sink-policy.ts';

/** The one option that each connector's sinks can be given another value of. */
const PLACES: Readonly<Record<string, string>> = {
  kinesis: 'stream',
  dynamodb: 'table',
  files: 'location',
  http: 'url',
};
const TIMED_SOURCES: readonly string[] = ['kinesis'];

/** What is wrong with one field. */
interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * Faults of a sink policy that a worker would refuse to start with: a sink that the program does not have would
 * otherwise be written to although somebody meant it not to be.
 */
export function sinkFaults({ sinks }: SinkPolicy, { nodes }: GraphDescription): Fault[] {
  const known = nodes.filter(({ kind }) => kind === 'sink');
  return Object.entries(sinks).flatMap(([name, mode]): Fault[] => {
    const pointer = `/spec/sinks/sinks/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const sink = known.find((node) => node.name === name);
    if (sink === undefined) {
      const names = known.map((node) => node.name);
      const guess = closestName(name, names);
      const advice = guess === undefined ? `its sinks are ${names.join(', ')}` : `did you mean "${guess}"?`;
      return [{ pointer, message: `the program has no such sink; ${advice}` }];
    }
    if (mode.mode !== 'redirect') return [];
    const connector = String(sink.description['connector'] ?? 'unknown');
    const place = PLACES[connector];
    if (place === undefined)
      return [{ pointer: `${pointer}/mode`, message: `connector ${connector} cannot be redirected` }];
    const isRight = Object.keys(mode.options).join() === place;
    return isRight
      ? []
      : [{ pointer: `${pointer}/options`, message: `must have "${place}" and nothing else` }];
  });
}

/** Why sources cannot begin at a time; undefined where all of them can. */
export function startTimeProblem(
  what: string,
  startAt: string | undefined,
  graph: GraphDescription | undefined,
): Problem | undefined {
  if (startAt === undefined || graph === undefined) return undefined;
  const source = graph.nodes.find(
    ({ kind, description }) =>
      kind === 'source' && !TIMED_SOURCES.includes(String(description['connector'] ?? 'unknown')),
  );
  if (source === undefined) return undefined;
  const connector = String(source.description['connector'] ?? 'unknown');
  return new Problem(
    'invalid-request',
    `Cannot ${what} at ${startAt}: source "${source.name}" is of connector ${connector}, which cannot begin at a time; only ${TIMED_SOURCES.join(', ')} can`,
    { errors: [{ pointer: '/startAt', message: `source "${source.name}" cannot begin at a time` }] },
  );
}

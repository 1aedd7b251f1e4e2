import type { Duration } from '#engine/data/duration.ts';
import type { DataflowGraph } from '#engine/graph/dataflow-graph.ts';
import { application } from '#engine/stream/application.ts';
import type { MatchOptions } from '#engine/stream/match.ts';
import { type Pattern, pattern, type PatternStart } from '#engine/stream/pattern.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Ask, askOf } from './cep-condition.ts';
import type { Keyed, Subject } from './subject.ts';

/** A step of a pattern of the suite, or a group of them. */
interface CepStep {
  readonly name?: string;
  readonly group?: readonly CepStep[];
  readonly contiguity?: 'next' | 'followedBy' | 'followedByAny' | 'notNext' | 'notFollowedBy';
  readonly where?: unknown;
  readonly or?: unknown;
  readonly until?: unknown;
  readonly within?: number;
  readonly withinType?: string;
  readonly [option: string]: unknown;
}

/** A pattern operator of the suite. */
export interface CepCase {
  readonly pattern: readonly CepStep[];
  readonly within?: number;
  readonly withinType?: string;
  readonly skip?: { readonly strategy: string; readonly pattern?: string; readonly throwIfMissing?: boolean };
  readonly time?: 'event' | 'processing';
  readonly keyed?: boolean;
  readonly comparator?: string;
  readonly timeouts?: boolean;
  readonly lateSideOutput?: boolean;
}

export function cepSubject({ operator }: Case<CepCase>): Subject {
  const looked = patternOf(operator.pattern);
  const { within } = operator;
  const whole = within === undefined ? looked : looked.within(`${within} ms`, betweenOf(operator.withinType));
  const program = application('case', {
    build({ source }) {
      const input = source('in', pushedSource(anything<Keyed>()));
      const stream = operator.keyed === false ? input : input.keyBy((record) => record.key);
      stream.match('op', whole, optionsOf(operator)).to(stubSink('out'), 'out');
    },
  });
  const sides = { timedOut: operator.timeouts === true, late: operator.lateSideOutput === true };
  return {
    graph: withSides(program.build({}), sides),
    sources: ['in'],
    read: (captured, side) =>
      side === 'late' ? lateOf(captured, operator) : matchOf(captured, side, operator),
  };
}

type Found = Pattern<Keyed, Record<string, unknown>>;

function patternOf(steps: readonly CepStep[]): Found {
  const [first, ...others] = steps;
  // The suite's patterns are data: what their steps are called and take is known by the cases only.
  let built = (pattern<Keyed>() as unknown as Untyped).begin(...stepOf(first ?? {}));
  for (const step of others) {
    const how = step.contiguity ?? 'followedBy';
    built = (built as unknown as Untyped)[how](...stepOf(step)); // as above
  }
  return built;
}

/** The methods that add a step, without the types that names and options give them. */
type Untyped = Readonly<
  Record<keyof PatternStart<Keyed> | NonNullable<CepStep['contiguity']>, (...step: StepArguments) => Found>
>;
type StepArguments = readonly [step: string | Found, options: object];

function stepOf({
  name = '',
  group,
  contiguity: _,
  where,
  or,
  until,
  within,
  withinType,
  ...rest
}: CepStep): StepArguments {
  const options = {
    ...rest,
    ...condition('where', where),
    ...condition('or', or),
    ...condition('until', until),
    ...(within === undefined ? {} : { [withinOption(withinType)]: `${within} ms` satisfies Duration }),
  };
  return [group === undefined ? name : patternOf(group), options];
}

function condition(option: string, expression: unknown): Readonly<Record<string, Ask>> {
  return expression === undefined ? {} : { [option]: askOf(expression) };
}

function withinOption(type: string | undefined): string {
  return betweenOf(type) === 'first-and-last' ? 'within' : 'withinPrevious';
}

function betweenOf(type = 'firstAndLast'): 'first-and-last' | 'previous-and-current' {
  return type === 'firstAndLast' ? 'first-and-last' : 'previous-and-current';
}

function optionsOf({ skip, time, comparator }: CepCase): MatchOptions<Keyed, Record<string, unknown>> {
  const field = ({ value }: Keyed): number =>
    (value as Readonly<Record<string, number>>)[comparator ?? ''] ?? 0; // a field of numbers, by the case
  return {
    ...(skip === undefined ? {} : { skip: skipOf(skip) }),
    ...(time === undefined ? {} : { time }),
    ...(comparator === undefined ? {} : { comparator: (left, right) => field(left) - field(right) }),
  };
}

function skipOf({
  strategy,
  pattern: step = '',
  throwIfMissing = false,
}: NonNullable<CepCase['skip']>): NonNullable<MatchOptions<Keyed, Record<string, unknown>>['skip']> {
  switch (strategy) {
    case 'skipToNext':
      return 'to-next';
    case 'skipPastLastEvent':
      return 'past-last';
    case 'skipToFirst':
      return { toFirst: step, throwIfMissing };
    case 'skipToLast':
      return { toLast: step, throwIfMissing };
    default:
      return 'none';
  }
}

/** The graph with only those side outputs that the case has. */
function withSides(
  graph: DataflowGraph,
  has: { readonly timedOut: boolean; readonly late: boolean },
): DataflowGraph {
  const nodes = graph.nodes.map((node) => {
    const { sideSchemas = {}, sideInputs = {} } = node;
    return node.name === 'op'
      ? { ...node, sideSchemas: has.timedOut ? sideSchemas : {}, sideInputs: has.late ? sideInputs : {} }
      : node;
  });
  return { ...graph, nodes };
}

function lateOf(captured: unknown, { keyed }: CepCase): ReturnType<Subject['read']> {
  const { key, value } = captured as Keyed; // late records are the inputs
  return { ...(keyed === false ? {} : { key }), record: value };
}

/** A match with a list for every step that has records, as the suite writes it. */
function matchOf(
  captured: unknown,
  side: string | undefined,
  { keyed }: CepCase,
): ReturnType<Subject['read']> {
  const steps = Object.entries(captured as Readonly<Record<string, Keyed | readonly Keyed[] | undefined>>)
    .map(([name, taken]) => [name, [taken ?? []].flat()] as const)
    .filter(([, taken]) => taken.length > 0);
  const key = steps[0]?.[1][0]?.key;
  return {
    ...(keyed === false ? {} : { key }),
    record: Object.fromEntries(steps.map(([name, taken]) => [name, taken.map(({ value }) => value)])),
    ...(side === undefined ? {} : { side: 'timeout' }),
  };
}

/** Whether a program can begin from the state of another version: said before anything ends. */
import type {
  GraphDescription,
  OperatorDescription,
  StateDescription,
} from '#contract/resources/application-version.ts';
import type { RestoreTolerance } from '#contract/resources/checkpointing.ts';
import type { Compatibility, StateVerdict, Verdict } from '#contract/resources/verdict.ts';
import { stateChanges } from '#engine/index.ts';
import type { GraphDescription as EngineGraph } from '#engine/index.ts';
import { closestName } from '#contract/closest-name.ts';

/** Kinds that keep nothing besides what they declare; of all others, timers may be in the state as well. */
const WITHOUT_OWN_STATE: ReadonlySet<string> = new Set([
  'map',
  'filter',
  'flat-map',
  'union',
  'assign-time',
  'sink',
  'reduce',
]);

/** The worse, the later: of all its parts the worst one decides. */
const SEVERITY: readonly Compatibility[] = [
  'compatible',
  'compatible-after-migration',
  'unknown',
  'incompatible',
];

/**
 * Compares the state that `before` declares with what `after` reads, one verdict for every operator and state cell.
 *
 * Contract: never says `compatible` where a worker would refuse the state or leave some of it behind unasked. What the
 * types decide is asked of the engine's own rule, so the two cannot differ. State that `before` declares and never
 * wrote may be refused here though the worker would take it.
 */
export function verdict(
  before: GraphDescription,
  after: GraphDescription,
  tolerance: RestoreTolerance,
): Verdict {
  const states = [
    ...renameFaults(before, tolerance),
    ...before.nodes.flatMap((operator) => operatorVerdicts(operator, after, tolerance)),
  ];
  return { compatibility: worstOf(states), states };
}

/** The worst of several verdicts; nothing to compare is compatible. */
export function worstOf(parts: readonly { readonly compatibility: Compatibility }[]): Compatibility {
  const worst = Math.max(0, ...parts.map(({ compatibility }) => SEVERITY.indexOf(compatibility)));
  return SEVERITY[worst] ?? 'unknown';
}

/** Every part that stands in the way, as one sentence for messages and problems. */
export function verdictSentence({ states }: Verdict, wanted: Compatibility = 'incompatible'): string {
  return states
    .filter(({ compatibility }) => compatibility === wanted)
    .map(({ operator, state, reason }) =>
      state === null
        ? `operator "${operator}": ${reason}`
        : `state "${state}" of operator "${operator}": ${reason}`,
    )
    .join('; ');
}

function operatorVerdicts(
  operator: OperatorDescription,
  after: GraphDescription,
  { renames, allowNonRestoredState }: RestoreTolerance,
): StateVerdict[] {
  const name = Object.hasOwn(renames, operator.name) ? renames[operator.name] : operator.name;
  const reader = after.nodes.find((node) => node.name === name);
  if (reader === undefined) return missingOperator(operator, after, allowNonRestoredState);
  return operator.state.map((cell) => cellVerdict({ operator, reader, cell, allowNonRestoredState }));
}

/** Of an operator that the program does not have. */
function missingOperator(
  operator: OperatorDescription,
  after: GraphDescription,
  isAllowed: boolean,
): StateVerdict[] {
  const held = heldBy(operator);
  if (held === undefined) return [];
  const at = { operator: operator.name, state: null };
  if (isAllowed) {
    const reason = `the program has no such operator; ${held.what} is left behind, as allowNonRestoredState allows`;
    return [{ ...at, compatibility: 'compatible', reason, remedy: null }];
  }
  const guess = closestName(operator.name, newNames(operator, after));
  const target = guess === undefined ? 'NEW NAME' : guess;
  return [
    {
      ...at,
      compatibility: held.isCertain ? 'incompatible' : 'unknown',
      reason: `the program has no such operator for ${held.what}`,
      remedy: `keep the operator's name, name the new one with restoreTolerance.renames: { "${operator.name}": "${target}" }, or give the state up with restoreTolerance.allowNonRestoredState: true`,
    },
  ];
}

/** Names of operators of the same kind that the older program did not have, which a renamed one could be called now. */
function newNames(operator: OperatorDescription, after: GraphDescription): string[] {
  return after.nodes.filter(({ kind }) => kind === operator.kind).map(({ name }) => name);
}

function heldBy(operator: OperatorDescription): { what: string; isCertain: boolean } | undefined {
  if (operator.kind === 'source') return { what: 'its positions', isCertain: true };
  if (operator.state.length > 0) {
    const names = operator.state.map(({ name }) => `"${name}"`).join(', ');
    return { what: `its state ${names}`, isCertain: true };
  }
  return WITHOUT_OWN_STATE.has(operator.kind)
    ? undefined
    : { what: 'timers that it may have set', isCertain: false };
}

interface Cell {
  readonly operator: OperatorDescription;
  readonly reader: OperatorDescription;
  readonly cell: StateDescription;
  readonly allowNonRestoredState: boolean;
}

function cellVerdict({ operator, reader, cell, allowNonRestoredState }: Cell): StateVerdict {
  const at = { operator: operator.name, state: cell.name };
  const declared = reader.state.find(({ name }) => name === cell.name);
  if (declared === undefined) return droppedCell(at, cell, allowNonRestoredState);
  const change = changeOf(operator, cell, reader);
  switch (change?.effect) {
    case 'unreadable':
      return { ...at, compatibility: 'unknown', reason: change.reason, remedy: 'push both versions again' };
    case 'incompatible':
    case 'lost':
      return {
        ...at,
        compatibility: 'incompatible',
        reason: `it was written as ${typeText(cell)}, the program declares ${typeText(declared)}; ${change.reason}`,
        remedy:
          'declare a migration() for the state, a default or formerly for the field, or give the state a new name',
      };
    case 'converted':
    case undefined:
      return isOpaque(cell) || isOpaque(declared)
        ? opaqueCell(at, cell, declared)
        : {
            ...at,
            compatibility: change === undefined ? 'compatible' : 'compatible-after-migration',
            reason: change === undefined ? `it stays ${typeText(cell)}` : change.reason,
            remedy: null,
          };
  }
}

type At = Pick<StateVerdict, 'operator' | 'state'>;

function droppedCell(at: At, cell: StateDescription, isAllowed: boolean): StateVerdict {
  return isAllowed
    ? {
        ...at,
        compatibility: 'compatible',
        reason:
          'the operator no longer declares it; its values are left behind, as allowNonRestoredState allows',
        remedy: null,
      }
    : {
        ...at,
        compatibility: 'incompatible',
        reason: `the operator no longer declares it, and its values (${typeText(cell)}) would be lost`,
        remedy: `keep the state's name "${cell.name}", or give its values up with restoreTolerance.allowNonRestoredState: true`,
      };
}

/** Values of a foreign schema say only when they are read whether they fit. */
function opaqueCell(at: At, before: StateDescription, after: StateDescription): StateVerdict {
  return {
    ...at,
    compatibility: 'unknown',
    reason: `it was written as ${typeText(before)}, the program declares ${typeText(after)}: such a schema cannot be compared`,
    remedy: 'declare the state with a type of t, then it is compared field by field',
  };
}

function isOpaque({ schema }: StateDescription): boolean {
  return schema.includes('ANY (');
}

function typeText({ kind, schema }: StateDescription): string {
  return `${kind} of ${schema}`;
}

interface Change {
  readonly effect: 'incompatible' | 'lost' | 'converted' | 'unreadable';
  readonly reason: string;
}

/** What the engine says of one cell, as if its operator had its new name already. */
function changeOf(
  { kind, description }: OperatorDescription,
  cell: StateDescription,
  reader: OperatorDescription,
): Change | undefined {
  const { id, name } = reader;
  const alone: GraphDescription = { nodes: [{ id, name, kind, description, inputs: [], state: [cell] }] };
  // The engine wrote these descriptions; the API keeps their types as they came.
  const [before, after] = [alone, { nodes: [reader] }] as unknown as readonly [EngineGraph, EngineGraph];
  try {
    return stateChanges(before, after)[0];
  } catch (error) {
    // A version may be registered with a description that no engine has made.
    const reason = `its description cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { effect: 'unreadable', reason };
  }
}

/** What a worker refuses of the rename map itself. */
function renameFaults(before: GraphDescription, { renames }: RestoreTolerance): StateVerdict[] {
  const names = new Set(before.nodes.map(({ name }) => name));
  return Object.entries(renames).flatMap(([from, to]) => {
    const at = { operator: from, state: null, compatibility: 'incompatible' } as const;
    if (!names.has(from) && !names.has(to)) {
      const reason = `restoreTolerance.renames calls it "${to}", and the state has no operator "${from}"`;
      const known = [...names].map((name) => `"${name}"`).join(', ');
      return [{ ...at, reason, remedy: `correct the name; the state has ${known}` }];
    }
    if (names.has(from) && names.has(to) && !Object.hasOwn(renames, to)) {
      const reason = `restoreTolerance.renames calls it "${to}", and the state has an operator "${to}" already`;
      return [{ ...at, reason, remedy: 'rename that one as well' }];
    }
    return [];
  });
}

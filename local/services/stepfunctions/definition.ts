/** State machines in the Amazon States Language: their form, and the refusal of what is not implemented here. */
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { checkResource } from './task-resource.ts';

/** How a state reads and shapes its data. */
export type QueryLanguageName = 'JSONPath' | 'JSONata';

/** States and where they begin: a whole machine, a branch, or the body of a Map. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** One retrier. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** One catcher. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
  readonly Output?: unknown;
  readonly Assign?: JsonObject;
}

/** One state; each type uses a part of the members. */
export interface State {
  readonly Type: 'Task' | 'Pass' | 'Wait' | 'Choice' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  /** Always set after parsing. */
  readonly QueryLanguage: QueryLanguageName;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Resource?: string;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly ItemsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly JsonObject[];
  readonly Branches?: readonly Flow[];
  readonly ItemProcessor?: Flow;
  readonly Assign?: JsonObject;
  /** Members that a query language evaluates, such as Parameters, Seconds or ErrorPath. */
  readonly [member: string]: unknown;
}

const everyState = [
  'Type',
  'Comment',
  'QueryLanguage',
  'Next',
  'End',
  'Assign',
  'Output',
  'InputPath',
  'OutputPath',
];
const handling = ['Retry', 'Catch', 'ResultSelector', 'ResultPath', 'Parameters', 'Arguments'];
const membersOf: Readonly<Record<State['Type'], readonly string[]>> = {
  Task: [
    ...handling,
    'Resource',
    'TimeoutSeconds',
    'TimeoutSecondsPath',
    'HeartbeatSeconds',
    'HeartbeatSecondsPath',
  ],
  Pass: ['Result', 'ResultPath', 'Parameters'],
  Wait: ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Choice: ['Choices', 'Default'],
  Succeed: [],
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
  Parallel: [...handling, 'Branches'],
  Map: [
    ...handling,
    'ItemProcessor',
    'Iterator',
    'ItemsPath',
    'Items',
    'ItemSelector',
    'MaxConcurrency',
    'MaxConcurrencyPath',
  ],
};
const retrierMembers = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
];
const catcherMembers = ['ErrorEquals', 'Next', 'ResultPath', 'Output', 'Assign', 'Comment'];
const flowMembers = [
  'StartAt',
  'States',
  'Comment',
  'QueryLanguage',
  'TimeoutSeconds',
  'Version',
  'ProcessorConfig',
];
const jsonPathOnly =
  /(?:^(?:InputPath|OutputPath|ResultPath|ItemsPath|Parameters|ResultSelector|Result)|Path)$/;
const jsonataOnly = ['Arguments', 'Output', 'Items'];

/** Reads a definition; anything that would be ignored or done otherwise than on AWS is refused by name. */
export function parseDefinition(name: string, definition: string): Flow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(definition);
  } catch (cause) {
    throw new Error(`Cannot load state machine "${name}": its definition is not JSON`, { cause });
  }
  return parseFlow(parsed, { where: `state machine "${name}"`, language: 'JSONPath' });
}

interface Position {
  readonly where: string;
  readonly language: QueryLanguageName;
}

function parseFlow(value: unknown, position: Position): Flow {
  if (!isObject(value) || !isObject(value['States']) || typeof value['StartAt'] !== 'string') {
    throw refusal(position, 'StartAt and States are required');
  }
  refuseUnknown(value, flowMembers, position);
  const mode = isObject(value['ProcessorConfig']) ? (value['ProcessorConfig']['Mode'] ?? 'INLINE') : 'INLINE';
  if (mode !== 'INLINE')
    throw refusal(position, `ProcessorConfig.Mode "${String(mode)}" is not implemented locally`);
  const language = languageOf(value, position);
  const states = Object.entries(value['States']).map(
    ([name, state]) =>
      [name, parseState(state, { where: `${position.where}, state "${name}"`, language })] as const,
  );
  const flow = { ...value, StartAt: value['StartAt'], States: Object.fromEntries(states) };
  for (const target of [flow.StartAt, ...states.flatMap(([, state]) => targetsOf(state))]) {
    if (!Object.hasOwn(flow.States, target)) throw refusal(position, `there is no state "${target}"`);
  }
  return flow;
}

function parseState(value: unknown, position: Position): State {
  if (!isObject(value)) throw refusal(position, 'it is not an object');
  const type = String(value['Type']);
  if (!isStateType(type)) throw refusal(position, `type "${type}" is not known`);
  refuseUnknown(value, [...everyState, ...membersOf[type]], position);
  const language = languageOf(value, position);
  refuseOtherLanguage(value, { ...position, language });
  for (const retrier of listOf(value['Retry'])) refuseUnknown(retrier, retrierMembers, position);
  for (const catcher of listOf(value['Catch'])) refuseUnknown(catcher, catcherMembers, position);
  if (type === 'Task') {
    const problem = checkResource(String(value['Resource']));
    if (problem !== undefined) throw refusal(position, problem);
  }
  const body = value['ItemProcessor'] ?? value['Iterator'];
  const inner = { where: position.where, language };
  return {
    ...value,
    Type: type,
    QueryLanguage: language,
    ...(type === 'Parallel'
      ? { Branches: listOf(value['Branches']).map((branch) => parseFlow(branch, inner)) }
      : {}),
    ...(type === 'Map' ? { ItemProcessor: parseFlow(body, inner) } : {}),
  };
}

function isStateType(type: string): type is State['Type'] {
  return Object.hasOwn(membersOf, type);
}

function languageOf(value: JsonObject, position: Position): QueryLanguageName {
  const language = value['QueryLanguage'] ?? position.language;
  if (language === 'JSONPath' || language === 'JSONata') return language;
  throw refusal(position, `query language "${String(language)}" is not known`);
}

function refuseOtherLanguage(value: JsonObject, position: Position): void {
  const wrong = Object.keys(value).find((member) =>
    position.language === 'JSONata'
      ? jsonPathOnly.test(member) && value['Type'] !== 'Pass'
      : jsonataOnly.includes(member),
  );
  if (wrong !== undefined)
    throw refusal(position, `member "${wrong}" does not belong to ${position.language}`);
}

function refuseUnknown(value: JsonObject, known: readonly string[], position: Position): void {
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown !== undefined) throw refusal(position, `member "${unknown}" is not implemented locally`);
}

function targetsOf(state: State): string[] {
  const choices = (state.Choices ?? []).map((choice) => String(choice['Next']));
  const catches = (state.Catch ?? []).map((catcher) => catcher.Next);
  return [state.Next, state.Default, ...choices, ...catches].filter((target) => target !== undefined);
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function refusal(position: Position, what: string): Error {
  return new Error(`Cannot load ${position.where}: ${what}`);
}

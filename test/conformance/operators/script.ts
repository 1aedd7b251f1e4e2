/** The little language in which the conformance suite writes process functions; test/data/operators names its source. */
import { computeWord } from './words.ts';

/** What a script may do. Times and states are those of the call at work. */
export interface ScriptContext {
  readonly value: unknown;
  readonly time: number | null;
  readonly key: string;
  readonly domain: 'event' | 'processing' | null;
  readonly watermark: number | 'min' | 'max';
  readonly processingTime: number;
  state(name: string): ScriptState;
  /** Broadcast state; only of operators that have some. */
  broadcast?(name: string): ScriptState;
  /** Only on the broadcast side: the context of every key that has this state, one after the other. */
  forEachKey?(state: string, visit: (context: ScriptContext) => void): void;
  emit(side: string | undefined, record: unknown): void;
  timer(domain: 'event' | 'processing', action: 'set' | 'delete', time: number): void;
}

/** A state cell by the words of the language. */
export interface ScriptState {
  read(): unknown;
  readKey(key: string): unknown;
  has(key: string): boolean;
  isEmpty(): boolean;
  update(value: unknown): void;
  add(value: unknown): void;
  addAll(value: unknown): void;
  put(key: string, value: unknown): void;
  remove(key: string): void;
  clear(): void;
}

export type Script = readonly Instruction[];
type Instruction = Readonly<Record<string, unknown>>;

export function runScript(script: Script, context: ScriptContext): void {
  for (const instruction of script) {
    execute(instruction, context);
  }
}

function execute(instruction: Instruction, context: ScriptContext): void {
  if ('if' in instruction) {
    const branch =
      evaluate(instruction['if'], context) === true ? instruction['then'] : (instruction['else'] ?? []);
    return runScript(branch as Script, context); // by the language
  }
  if ('emit' in instruction) {
    return context.emit(instruction['side'] as string | undefined, evaluate(instruction['emit'], context)); // as above
  }
  if ('forEachKey' in instruction) {
    const body = instruction['do'] as Script; // by the language
    return context.forEachKey?.(String(instruction['forEachKey']), (ofKey) => runScript(body, ofKey));
  }
  if ('state' in instruction) {
    return changeState(context.state(String(instruction['state'])), instruction, context);
  }
  if ('broadcast' in instruction) {
    return changeState(broadcastState(String(instruction['broadcast']), context), instruction, context);
  }
  const timers = [
    ['eventTimer', 'event', 'set'],
    ['processingTimer', 'processing', 'set'],
    ['deleteEventTimer', 'event', 'delete'],
    ['deleteProcessingTimer', 'processing', 'delete'],
  ] as const;
  for (const [word, domain, action] of timers) {
    if (word in instruction) {
      context.timer(domain, action, evaluate(instruction[word], context) as number); // times are numbers
    }
  }
}

function broadcastState(name: string, context: ScriptContext): ScriptState {
  if (context.broadcast === undefined) {
    throw new Error(`There is no broadcast state "${name}" here`);
  }
  return context.broadcast(name);
}

function changeState(state: ScriptState, instruction: Instruction, context: ScriptContext): void {
  const value = (word: string): unknown => evaluate(instruction[word], context);
  if ('update' in instruction) {
    state.update(value('update'));
  } else if ('add' in instruction) {
    state.add(value('add'));
  } else if ('addAll' in instruction) {
    state.addAll(value('addAll'));
  } else if ('put' in instruction) {
    const [key, mapped] = instruction['put'] as readonly [unknown, unknown]; // a pair, by the language
    state.put(String(evaluate(key, context)), evaluate(mapped, context));
  } else if ('remove' in instruction) {
    state.remove(String(value('remove')));
  } else {
    state.clear();
  }
}

/** Value of an expression: a list is a call, an object holds expressions, all else is itself. */
function evaluate(expression: unknown, context: ScriptContext): unknown {
  if (!Array.isArray(expression)) {
    return typeof expression === 'object' && expression !== null
      ? Object.fromEntries(
          Object.entries(expression).map(([name, field]) => [name, evaluate(field, context)]),
        )
      : expression;
  }
  const [word, ...args] = expression as [string, ...unknown[]]; // calls begin with their word
  const known = read(word, args, context);
  // Null is a value of the language, undefined is not.
  return known === undefined ? compute(word, args, context) : known;
}

/** Words that read the context; undefined for all others, since the language has no such value. */
function read(word: string, args: readonly unknown[], context: ScriptContext): unknown {
  const name = String(args[0]);
  const key = (): string => String(evaluate(args[1], context));
  switch (word) {
    case 'value':
      return args.length === 0 ? context.value : (fieldOf(context.value, name) ?? null);
    case 'ts':
    case 'timer':
      return context.time;
    case 'key':
      return context.key;
    case 'domain':
      return context.domain;
    case 'watermark':
      return context.watermark;
    case 'processingTime':
      return context.processingTime;
    case 'state':
      return args.length === 1 ? context.state(name).read() : context.state(name).readKey(key());
    case 'broadcast': {
      const state = broadcastState(name, context);
      return args.length === 1 ? state.read() : state.readKey(key());
    }
    case 'contains':
      return context.state(name).has(key());
    case 'isEmpty':
      return context.state(name).isEmpty();
    default:
      return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : null;
}

function compute(word: string, args: readonly unknown[], context: ScriptContext): unknown {
  const values = args.map((arg) => evaluate(arg, context));
  const [left, right] = values;
  switch (word) {
    case 'list':
      return values;
    case 'size':
      return (left as readonly unknown[]).length; // only lists have a size
    case 'field':
      return fieldOf(left, String(right)) ?? null;
    default:
      return computeWord(word, values);
  }
}

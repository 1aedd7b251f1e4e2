import { codeOf } from './program-text.ts';

/** A call that a function of an operator must not make: what it is, how its text looks, and what to write instead. */
interface Forbidden {
  readonly call: string;
  readonly pattern: RegExp;
  readonly remedy: string;
}

const CLOCK =
  'it gives another answer when records are replayed; use ctx.now(), which handlers of process have';
const CHANCE =
  'it gives another answer when records are replayed; use ctx.random(), which handlers of process have';
const TIMER = 'what it calls later runs outside of checkpoints; declare a timer of process and set it';
const NETWORK = 'operators do not wait for the outside world; use asyncMap or asyncFlatMap';

/** A name that is not a field of something else, nor that of the function itself. */
const global = (text: string): RegExp =>
  new RegExp(String.raw`(?!^)(?<![\w$.]|\bfunction\s)(?:globalThis\s*\.\s*)?${text}`);

const called = (name: string): string => `${name}()`;

const FORBIDDEN: readonly Forbidden[] = [
  { call: called('Date.now'), pattern: global(String.raw`Date\s*\.\s*now\b`), remedy: CLOCK },
  {
    call: called('new Date'),
    pattern: global(String.raw`new\s+Date\b(?!\s*[.\w$])(?:\s*\(\s*\)|(?!\s*\())`),
    remedy: CLOCK,
  },
  { call: called('Date'), pattern: global(String.raw`(?<!\bnew\s+)Date\s*\(`), remedy: CLOCK },
  { call: called('performance.now'), pattern: global(String.raw`performance\s*\.\s*now\b`), remedy: CLOCK },
  { call: called('process.hrtime'), pattern: global(String.raw`process\s*\.\s*hrtime\b`), remedy: CLOCK },
  { call: 'Temporal.Now', pattern: global(String.raw`Temporal\s*\.\s*Now\b`), remedy: CLOCK },
  { call: called('Math.random'), pattern: global(String.raw`Math\s*\.\s*random\b`), remedy: CHANCE },
  {
    call: called('crypto.randomUUID'),
    pattern: /(?<![\w$])(?:crypto\d*\s*\.\s*)?randomUUID\s*\(/,
    remedy: CHANCE,
  },
  {
    call: called('crypto.getRandomValues'),
    pattern: /(?<![\w$])crypto\d*\s*\.\s*(?:getRandomValues|randomBytes|randomInt)\b/,
    remedy: CHANCE,
  },
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
    call: called(name),
    pattern: global(String.raw`${name}\s*\(`),
    remedy: TIMER,
  })),
  { call: 'Promise', pattern: global(String.raw`(?:new\s+)?Promise\s*[.(]`), remedy: NETWORK },
  { call: called('fetch'), pattern: global(String.raw`fetch\s*\(`), remedy: NETWORK },
];

/**
 * Refuses a function whose own text asks the clock, chance or the network: after a failure it would be run again over
 * the same records and answer otherwise.
 *
 * It reads the text of the one function and not of those that it calls, so it finds slips and proves nothing. A name
 * that the text itself declares is the program's own.
 */
export function refuseImpure(fn: (...parameters: never) => unknown, where: string): void {
  const code = codeOf(fn);
  for (const { call, pattern, remedy } of FORBIDDEN) {
    if (pattern.test(code) && !declares(code, call)) {
      throw new Error(`Cannot add ${where}: its function calls ${call}; ${remedy}`);
    }
  }
}

/** True where the text has a parameter or variable by the first name of the call. */
function declares(code: string, call: string): boolean {
  const name = /[a-z]\w*/i.exec(call.replace(/^new /, ''))?.[0] ?? '';
  return new RegExp(
    String.raw`\b(?:const|let|var|function|class)\s+${name}\b|[({,]\s*${name}\s*(?:,|\)\s*(?:=>|\{)|\})|(?<![\w$.])${name}\s*=>`,
  ).test(code);
}

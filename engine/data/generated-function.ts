/** The only place where the engine turns text into code. */

/** What every generated function must keep to: identifiers and literals in its text come from {@link literal} alone. */
export interface FunctionText {
  /** Shown in stack traces and profiles as `headwater/<name>`. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: string;
}

let allowed: boolean | undefined;

/** False where the process forbids code from strings (`--disallow-code-generation-from-strings`). */
export function canGenerate(): boolean {
  allowed ??= probe();
  return allowed;
}

/**
 * Makes a function of its own, with type feedback that no other operator can spoil.
 *
 * Contract: `F` must be the type that the text implements; nothing checks it but the twin in the tests.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller alone knows what its text implements
export function generateFunction<F>(text: FunctionText): F {
  // A line break in the name would end the comment and start code.
  const url = text.name.replaceAll(/[^\w .>-]/g, '_').replaceAll(' ', '');
  const body = `'use strict';\n${text.body}\n//# sourceURL=headwater/${url}`;
  return Reflect.construct(Function, [...text.parameters, body]) as F;
}

/** A string as source text; JSON is a subset of JavaScript. */
export function literal(text: string): string {
  return JSON.stringify(text);
}

/** A property of an object literal; the quoted name `__proto__` would set the prototype. */
export function propertyLiteral(name: string): string {
  return name === '__proto__' ? `[${literal(name)}]` : literal(name);
}

function probe(): boolean {
  try {
    Reflect.construct(Function, ['']);
    return true;
  } catch (error) {
    if (error instanceof EvalError) {
      return false;
    }
    throw error;
  }
}

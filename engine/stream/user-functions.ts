import type { NewNode } from './graph-builder.ts';

/** A user's function somewhere in an operator, and the way to it, as in `aggregates.total.value`. */
export interface UserFunction {
  readonly path: string;
  readonly fn: (...parameters: never) => unknown;
}

/** All functions of an operator that run over records and so must be synchronous and repeatable. */
export function userFunctions({ definition, state = [] }: NewNode): readonly UserFunction[] {
  switch (definition.kind) {
    case 'sink':
      return [];
    case 'source':
      return functionsIn(definition.watermark, 'watermark');
    case 'async': {
      // The call itself may ask the world whatever it likes: its answers are not asked for twice by state.
      const { call: _, ...rest } = definition;
      return functionsIn(rest);
    }
    default:
      return [
        ...functionsIn(definition),
        ...state.flatMap((cell) => functionsIn(cell, `state.${cell.name}`)),
      ];
  }
}

function functionsIn(part: unknown, path = ''): readonly UserFunction[] {
  if (typeof part === 'function') {
    return [{ path, fn: part as UserFunction['fn'] }]; // it is read and not called
  }
  // Schemas are libraries of their own, and validate at the borders only.
  if (typeof part !== 'object' || part === null || '~standard' in part) {
    return [];
  }
  return Object.entries(part).flatMap(([name, inner]) =>
    functionsIn(inner, path === '' ? name : `${path}.${name}`),
  );
}

/** The modules that a bundle leaves to its worker: bundles hold the user's code, workers bring the engine. */
import { registerHooks } from 'node:module';
import * as dynamodb from '../connectors/dynamodb/index.ts';
import * as files from '../connectors/files/index.ts';
import * as formats from '../connectors/formats/index.ts';
import * as generator from '../connectors/generator/index.ts';
import * as history from '../connectors/history/index.ts';
import * as http from '../connectors/http/index.ts';
import * as kinesis from '../connectors/kinesis/index.ts';
import * as headwater from '../index.ts';

const modules: Readonly<Record<string, object>> = {
  headwater,
  'headwater/connectors/dynamodb': dynamodb,
  'headwater/connectors/files': files,
  'headwater/connectors/formats': formats,
  'headwater/connectors/generator': generator,
  'headwater/connectors/history': history,
  'headwater/connectors/http': http,
  'headwater/connectors/kinesis': kinesis,
};

const SCHEME = 'headwater-provided:';
const PROVIDED = Symbol.for('headwater.provided-modules');

/** Lets code that this thread imports from now on `import … from 'headwater'`, wherever on the disk it lies. */
export function provideModules(): void {
  Reflect.set(globalThis, PROVIDED, modules);
  registerHooks({
    resolve(specifier, context, next) {
      if (!Object.hasOwn(modules, specifier)) return next(specifier, context);
      return { url: SCHEME + specifier, format: 'module', shortCircuit: true };
    },
    load(url, context, next) {
      if (!url.startsWith(SCHEME)) return next(url, context);
      return { format: 'module', source: sourceOf(url.slice(SCHEME.length)), shortCircuit: true };
    },
  });
}

/** A module that hands on what this bundle has loaded already. */
function sourceOf(specifier: string): string {
  const names = Object.keys(modules[specifier] ?? {});
  const provided = `globalThis[Symbol.for('headwater.provided-modules')][${JSON.stringify(specifier)}]`;
  return `export const { ${names.join(', ')} } = ${provided};`;
}

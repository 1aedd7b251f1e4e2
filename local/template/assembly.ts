/** A cloud assembly, the directory that `cdk synth` writes: its stacks in the order of their dependencies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, object, texts } from '../input.ts';
import type { JsonObject } from '../input.ts';

/** One stack of an assembly. */
export interface AssemblyStack {
  readonly name: string;
  /** Undefined when the stack is agnostic of its environment. */
  readonly region: string | undefined;
  readonly template: JsonObject;
  readonly assets: readonly AssetSource[];
}

/** A file or directory that a stack needs, and the object key under which templates refer to it. */
export interface AssetSource {
  readonly path: string;
  readonly objectKey: string;
  readonly isDirectory: boolean;
}

/** Reads the stacks that are wanted, all of them by default. */
export function readAssembly(directory: string, wanted?: readonly string[]): AssemblyStack[] {
  const artifacts = object(readObject(join(directory, 'manifest.json')), 'artifacts');
  const isStack = (id: string) => object(artifacts, id)['type'] === 'aws:cloudformation:stack';
  const ids = Object.keys(artifacts).filter(isStack);
  const unknown = wanted?.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new Error(`Cannot run stack "${unknown}": "${directory}" has only ${ids.join(', ')}`);
  }
  const ordered: string[] = [];
  const visit = (id: string) => {
    if (ordered.includes(id) || !isStack(id)) return;
    for (const dependency of texts(object(artifacts, id), 'dependencies')) visit(dependency);
    ordered.push(id);
  };
  for (const id of wanted ?? ids) visit(id);
  return ordered.map((id) => readStack(directory, id, object(artifacts, id)));
}

function readStack(directory: string, id: string, artifact: JsonObject): AssemblyStack {
  const properties = object(artifact, 'properties');
  const region = /^aws:\/\/[^/]+\/(.+)$/.exec(String(artifact['environment']))?.[1];
  return {
    name: String(properties['stackName'] ?? id),
    region: region === 'unknown-region' ? undefined : region,
    template: readObject(join(directory, String(properties['templateFile']))),
    assets: readAssets(directory, id),
  };
}

function readAssets(directory: string, id: string): AssetSource[] {
  const files = object(readObject(join(directory, `${id}.assets.json`), {}), 'files');
  return Object.keys(files).flatMap((hash) => {
    const source = object(object(files, hash), 'source');
    const destinations = object(object(files, hash), 'destinations');
    return Object.keys(destinations).map((name) => ({
      path: join(directory, String(source['path'])),
      objectKey: String(object(destinations, name)['objectKey']),
      isDirectory: source['packaging'] === 'zip',
    }));
  });
}

function readObject(file: string, absent?: JsonObject): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing && absent !== undefined) return absent;
    throw new Error(`Cannot read "${file}" of the cloud assembly: run \`npm run synth\` again`, { cause });
  }
  if (!isObject(parsed))
    throw new Error(`Cannot read "${file}" of the cloud assembly: it is not a JSON object`);
  return parsed;
}

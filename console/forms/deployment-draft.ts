/** A deployment that is being written, by fields or as YAML. */
import { isJsonObject } from '#contract/json-object.ts';
import type { StatedSpec } from '#contract/resources/deployment.ts';

export interface Draft {
  readonly name: string;
  readonly spec: StatedSpec;
}

export const startingDraft: Draft = {
  name: '',
  spec: { application: '', version: 1, desiredState: 'running', parallelism: 1, configuration: {} },
};

/** What is typed as a draft; the platform judges its members, and all that has no field goes with it. */
export function draftOf(document: Readonly<Record<string, unknown>>): Draft {
  const spec = isJsonObject(document['spec']) ? document['spec'] : {};
  const { application = '', version = 1 } = spec;
  return {
    ...document,
    name: typeof document['name'] === 'string' ? document['name'] : '',
    spec: { ...spec, application: String(application), version: Number(version) },
  };
}

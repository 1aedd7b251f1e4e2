import type { Deployment } from './resources/deployment.ts';
import type { DeploymentTarget } from './resources/deployment-target.ts';
import { effectiveSpec, isFaulty } from './effective-spec.ts';
import type { EffectiveSpec, SettingLayer, SpecFault } from './effective-spec.ts';
import { replacePlaceholders } from './placeholders.ts';
import type { PlaceholderValues } from './placeholders.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a deployment inherits from. */
export interface SpecLayers {
  readonly global: Json;
  readonly namespace: Json;
  /** Undefined when the target does not exist; then nothing comes from it. */
  readonly target: DeploymentTarget | undefined;
  /** The platform's own, for targets that name none. */
  readonly region: string;
}

/** What of a deployment decides about its spec. */
export type StatedDeployment = Pick<Deployment, 'id' | 'name' | 'namespace' | 'stated'>;

/** The spec of a deployment as it is in effect, with every placeholder but those of secrets replaced. */
export function resolveSpec(
  deployment: StatedDeployment,
  layers: SpecLayers,
): EffectiveSpec | readonly SpecFault[] {
  const effective = effectiveSpec(settingLayers(deployment, layers));
  if (isFaulty(effective)) return effective;
  const { spec, origins } = effective;
  const values = placeholderValues(deployment, effective, layers);
  const configuration = replacePlaceholders(spec.configuration, values, '/spec/configuration');
  const sinks = replacePlaceholders(spec.sinks.sinks, values, '/spec/sinks/sinks');
  const faults = [...parallelismFaults(spec), ...configuration.faults, ...sinks.faults];
  if (faults.length > 0) return faults;
  return {
    // Only texts were replaced: the objects have the form that they had.
    spec: {
      ...spec,
      configuration: configuration.value as typeof spec.configuration,
      sinks: { ...spec.sinks, sinks: sinks.value as typeof spec.sinks.sinks },
    },
    origins,
  };
}

/** A subtask without a key group of its own has nothing to do. */
function parallelismFaults({ parallelism, maxParallelism }: EffectiveSpec['spec']): SpecFault[] {
  if (parallelism <= maxParallelism) return [];
  const message = `must be at most maxParallelism, which is ${maxParallelism}`;
  return [{ pointer: '/spec/parallelism', message }];
}

function settingLayers({ stated }: StatedDeployment, layers: SpecLayers): SettingLayer[] {
  return [
    { level: 'global', settings: layers.global },
    { level: 'namespace', settings: layers.namespace },
    { level: 'target', settings: layers.target?.overlay ?? {} },
    { level: 'deployment', settings: stated },
  ];
}

function placeholderValues(
  { id, name, namespace }: StatedDeployment,
  { spec }: EffectiveSpec,
  { target, region }: SpecLayers,
): PlaceholderValues {
  const config = Object.entries(target?.config ?? {});
  return new Map<string, string | number | boolean>([
    ['namespace', namespace],
    ['deployment', name],
    ['deploymentId', id],
    ['application', spec.application],
    ['version', String(spec.version)],
    ['target', spec.target],
    ['region', target?.region ?? region],
    ...config.map(([key, value]) => [`config.${key}`, value] as const),
  ]);
}

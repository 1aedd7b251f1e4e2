/** The spec in effect as a list of single values, each with the level that says it. */
import type { Deployment, SettingLevel } from '#contract/resources/deployment.ts';
import { isJsonObject } from '#contract/json-object.ts';

export interface EffectiveValue {
  readonly pointer: string;
  readonly value: unknown;
  readonly origin: SettingLevel;
}

/** In the order of the spec; objects are taken apart, lists are single values. */
export function effectiveValues({ spec, origins }: Deployment): readonly EffectiveValue[] {
  return valuesOf(spec, '', origins, 'built-in');
}

function valuesOf(
  value: unknown,
  pointer: string,
  origins: Deployment['origins'],
  above: SettingLevel,
): readonly EffectiveValue[] {
  const origin = origins[pointer] ?? above;
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [{ pointer, value, origin }];
  return Object.entries(value).flatMap(([name, member]) =>
    valuesOf(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, origins, origin),
  );
}

import * as z from 'zod';
import { pointerStep } from './differences.ts';
import { isJsonObject } from './json-object.ts';
import { DeploymentSpec } from './resources/deployment.ts';
import type { SettingLevel } from './resources/deployment.ts';
import { bareSchema } from './stated-schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** What one level says of a spec. */
export interface SettingLayer {
  readonly level: SettingLevel;
  readonly settings: Json;
}

/** A spec in effect, with where its values come from. */
export interface EffectiveSpec {
  readonly spec: DeploymentSpec;
  /** JSON pointer of a value in `spec` → the level that says it; values without an entry are built in. */
  readonly origins: Record<string, SettingLevel>;
}

/** What is wrong with the sum of all levels. */
export interface SpecFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * The sum of what the levels say, lowest first, on top of what is built in.
 *
 * Objects merge member by member; lists and scalars replace, and so does a choice between forms, such as the restart
 * strategy, as a whole. Null takes away what the levels below said. Each level alone is valid by its own schema; the
 * faults answered are those of the sum.
 */
export function effectiveSpec(layers: readonly SettingLayer[]): EffectiveSpec | readonly SpecFault[] {
  const origins = new Map<string, SettingLevel>();
  let merged: Json = {};
  for (const { level, settings } of layers) {
    merged = overlay(merged, settings, { schema: DeploymentSpec, pointer: '', level, origins });
  }
  const parsed = DeploymentSpec.safeParse(merged);
  if (!parsed.success) return parsed.error.issues.map(faultOf);
  return { spec: parsed.data, origins: Object.fromEntries(origins) };
}

/** Tells the faults of a sum from the sum. */
export function isFaulty(result: EffectiveSpec | readonly SpecFault[]): result is readonly SpecFault[] {
  return Array.isArray(result);
}

/** Where in the document a level is laid over what is below. */
interface Place {
  readonly schema: z.core.$ZodType | undefined;
  readonly pointer: string;
  readonly level: SettingLevel;
  readonly origins: Map<string, SettingLevel>;
}

function overlay(below: Json, above: Json, place: Place): Json {
  const members = new Map(Object.entries(below));
  for (const [name, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const inner = memberOf(place, name);
    if (value === null) {
      members.delete(name);
      forget(inner);
    } else if (isJsonObject(value) && !isChoice(inner.schema)) {
      const under = members.get(name);
      if (!isJsonObject(under)) forget(inner);
      members.set(name, overlay(isJsonObject(under) ? under : {}, value, inner));
    } else {
      members.set(name, value);
      forget(inner);
      mark(value, inner);
    }
  }
  return Object.fromEntries(members);
}

function memberOf(place: Place, name: string): Place {
  const { schema } = place;
  const pointer = `${place.pointer}/${pointerStep(name)}`;
  if (schema instanceof z.ZodObject) return { ...place, pointer, schema: bareMember(schema.shape[name]) };
  if (schema instanceof z.ZodRecord) return { ...place, pointer, schema: bareMember(schema.def.valueType) };
  return { ...place, pointer, schema: undefined };
}

function bareMember(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema === undefined ? undefined : bareSchema(schema);
}

function isChoice(schema: z.core.$ZodType | undefined): boolean {
  return schema instanceof z.ZodDiscriminatedUnion;
}

function forget({ pointer, origins }: Place): void {
  for (const known of origins.keys()) {
    if (known === pointer || known.startsWith(`${pointer}/`)) origins.delete(known);
  }
}

function mark(value: unknown, { pointer, level, origins }: Place): void {
  if (!isJsonObject(value)) {
    origins.set(pointer, level);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    mark(member, { schema: undefined, pointer: `${pointer}/${pointerStep(name)}`, level, origins });
  }
}

function faultOf(issue: z.core.$ZodIssue): SpecFault {
  return {
    pointer: `/spec${issue.path.map((step) => `/${pointerStep(String(step))}`).join('')}`,
    message: issue.message,
  };
}

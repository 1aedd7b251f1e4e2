import { closestName } from '#contract/closest-name.ts';

/** A fault of a configuration, as a problem lists it. */
export interface ConfigurationFault {
  readonly pointer: string;
  readonly message: string;
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a configuration by its version's schema; nothing means that it fits.
 *
 * Knows the part of JSON Schema that applications declare: type, properties, required, additionalProperties, enum,
 * items, minimum, maximum and minLength are checked. All else is left to the worker, which checks again; above all
 * patterns, since a pushed program could choose one that takes for ever.
 */
export function checkConfiguration(
  configuration: unknown,
  schema: Schema | null,
  pointer = '/spec/configuration',
): ConfigurationFault[] {
  if (schema === null) {
    const isEmpty = isObject(configuration) && Object.keys(configuration).length === 0;
    return isEmpty ? [] : [{ pointer, message: 'must be empty: the application takes no configuration' }];
  }
  return check(configuration, schema, pointer);
}

function check(value: unknown, schema: Schema, pointer: string): ConfigurationFault[] {
  const fault = (message: string): ConfigurationFault[] => [{ pointer, message }];
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    return fault(`must be ${types.join(' or ')}, not ${typeName(value)}`);
  }
  const choices = schema['enum'];
  if (Array.isArray(choices) && !choices.includes(value)) {
    return fault(`must be one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`);
  }
  if (typeof value === 'number') return checkNumber(value, schema, fault);
  if (typeof value === 'string') return checkText(value, schema, fault);
  if (Array.isArray(value)) {
    const items = schema['items'];
    if (!isObject(items)) return [];
    return value.flatMap((item, index) => check(item, items, `${pointer}/${index}`));
  }
  return isObject(value) ? checkObject(value, schema, pointer) : [];
}

function checkObject(value: Schema, schema: Schema, pointer: string): ConfigurationFault[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const known = Object.keys(properties);
  const missing = required
    .filter((name) => typeof name === 'string' && !Object.hasOwn(value, name))
    .map((name) => ({ pointer: `${pointer}/${escape(String(name))}`, message: 'is required' }));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const at = `${pointer}/${escape(name)}`;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isObject(property)) return check(member, property, at);
    return schema['additionalProperties'] === false ? [unknownField(name, known, at)] : [];
  });
  return [...missing, ...members];
}

/** A fault that names an unknown field, and the known one that was probably meant. */
export function unknownField(name: string, known: readonly string[], pointer: string): ConfigurationFault {
  const guess = closestName(name, known);
  const advice = guess === undefined ? knownNames(known) : `; did you mean "${guess}"?`;
  return { pointer, message: `unknown field "${name}"${advice}` };
}

function knownNames(known: readonly string[]): string {
  return known.length === 0 ? '; there are none here' : `; known are ${known.join(', ')}`;
}

type Fault = (message: string) => ConfigurationFault[];

function checkNumber(value: number, schema: Schema, fault: Fault): ConfigurationFault[] {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && value < minimum) return fault(`must be at least ${minimum}`);
  if (typeof maximum === 'number' && value > maximum) return fault(`must be at most ${maximum}`);
  return [];
}

function checkText(value: string, schema: Schema, fault: Fault): ConfigurationFault[] {
  const { minLength } = schema;
  if (typeof minLength === 'number' && value.length < minLength) {
    return fault(`must have at least ${minLength} characters`);
  }
  return [];
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return typeof value === 'number';
  return typeName(value) === type;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function isObject(value: unknown): value is Schema {
  return typeName(value) === 'object';
}

/** A member's name in a JSON pointer. */
function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The intrinsic functions of CloudFormation, such as Ref and Fn::Join. */
import { isObject } from '../input.ts';
import type { JsonObject } from '../input.ts';

/** What intrinsic functions of a stack can look up. */
export interface TemplateScope {
  readonly region: string;
  /** A parameter, a pseudo parameter or a resource. */
  reference(name: string): unknown;
  attribute(logicalId: string, name: string): string;
  condition(name: string): boolean;
  mapping(name: string, first: string, second: string): unknown;
  importValue(name: string): string;
}

/** Stands for AWS::NoValue: the member that has it is left out. */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (operand: unknown, scope: TemplateScope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => (name === 'AWS::NoValue' ? noValue : scope.reference(String(name))),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': (operand, scope) => {
    const [separator, text] = evaluateList(operand, scope);
    return String(text).split(String(separator));
  },
  'Fn::Base64': (operand, scope) => Buffer.from(String(evaluate(operand, scope))).toString('base64'),
  'Fn::FindInMap': (operand, scope) => {
    const [name, first, second] = evaluateList(operand, scope).map(String);
    return scope.mapping(name ?? '', first ?? '', second ?? '');
  },
  'Fn::ImportValue': (operand, scope) => scope.importValue(String(evaluate(operand, scope))),
  'Fn::GetAZs': (operand, scope) => {
    const region = String(evaluate(operand, scope)) || scope.region;
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::If': (operand, scope) => {
    const [name, then, otherwise] = asList(operand);
    // Only the branch taken is evaluated: the other may refer to what does not exist.
    return evaluate(scope.condition(String(name)) ? then : otherwise, scope);
  },
  'Fn::Equals': (operand, scope) => {
    const [first, second] = evaluateList(operand, scope);
    return String(first) === String(second);
  },
  'Fn::Not': (operand, scope) => !conditionValue(asList(operand)[0], scope),
  'Fn::And': (operand, scope) => asList(operand).every((one) => conditionValue(one, scope)),
  'Fn::Or': (operand, scope) => asList(operand).some((one) => conditionValue(one, scope)),
  'Fn::Cidr': (operand, scope) => {
    const [, count] = evaluateList(operand, scope);
    return Array.from({ length: Number(count) }, (_, index) => `10.0.${index}.0/24`);
  },
  'Fn::Length': (operand, scope) => asList(evaluate(operand, scope)).length,
  'Fn::ToJsonString': (operand, scope) => JSON.stringify(evaluate(operand, scope)),
};

/** A value of a template with all its functions carried out. */
export function evaluate(value: unknown, scope: TemplateScope): unknown {
  if (Array.isArray(value)) {
    return value.map((member) => evaluate(member, scope)).filter((member) => member !== noValue);
  }
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && isFunctionName(name))
    return call(name, value[name], scope);
  const members = Object.entries(value).map(([key, member]) => [key, evaluate(member, scope)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== noValue));
}

/** Whether a condition of a template holds. */
export function conditionValue(condition: unknown, scope: TemplateScope): boolean {
  if (isObject(condition) && typeof condition['Condition'] === 'string') {
    return scope.condition(condition['Condition']);
  }
  const value = evaluate(condition, scope);
  return value === true || value === 'true';
}

/** Logical ids that a value refers to, in whatever branch. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [attributeName(member).logicalId];
    if (key === 'Fn::Sub') {
      const template: unknown = Array.isArray(member) ? member[0] : member;
      const names = [...String(template).matchAll(/\$\{([^!}][^}.]*)/g)].map((match) => match[1] ?? '');
      return [...names, ...referencesIn(member)];
    }
    return referencesIn(member);
  });
}

function isFunctionName(name: string): boolean {
  // `{ "Condition": … }` stands within conditions only, where conditionValue reads it.
  return name.startsWith('Fn::') || name === 'Ref';
}

function call(name: string, operand: unknown, scope: TemplateScope): unknown {
  const intrinsic = intrinsics[name];
  if (intrinsic === undefined) throw new Error(`the function ${name} is not known to the local cloud`);
  return intrinsic(operand, scope);
}

function getAttribute(operand: unknown, scope: TemplateScope): string {
  const { logicalId, name } = attributeName(operand);
  return scope.attribute(logicalId, name);
}

function attributeName(operand: unknown): { logicalId: string; name: string } {
  const [logicalId = '', ...rest] = Array.isArray(operand) ? operand.map(String) : String(operand).split('.');
  return { logicalId, name: rest.join('.') };
}

function join(operand: unknown, scope: TemplateScope): string {
  const [separator, members] = asList(operand);
  return asList(evaluate(members, scope)).map(String).join(String(separator));
}

function substitute(operand: unknown, scope: TemplateScope): string {
  const [template, variables] = Array.isArray(operand) ? (operand as unknown[]) : [operand, {}];
  const own: JsonObject = isObject(variables) ? variables : {};
  return String(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_all, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (Object.hasOwn(own, name)) return String(evaluate(own[name], scope));
    return String(name.includes('.') ? getAttribute(name, scope) : scope.reference(name));
  });
}

function select(operand: unknown, scope: TemplateScope): unknown {
  const [index, list] = asList(operand);
  const members = asList(evaluate(list, scope));
  const selected = members[Number(evaluate(index, scope))];
  if (selected === undefined)
    throw new Error(`Fn::Select finds no member ${String(index)} in a list of ${members.length}`);
  return selected;
}

function evaluateList(operand: unknown, scope: TemplateScope): unknown[] {
  return asList(operand).map((member) => evaluate(member, scope));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

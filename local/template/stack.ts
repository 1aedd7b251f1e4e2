/** A stack of a template: looks its values up and deploys its resources in the order of their dependencies. */
import { isObject, object } from '../input.ts';
import type { JsonObject } from '../input.ts';
import { localAccount } from '../place.ts';
import type { AssemblyStack } from './assembly.ts';
import type { Cloud } from './cloud.ts';
import { conditionValue, evaluate, noValue, referencesIn } from './intrinsics.ts';
import type { TemplateScope } from './intrinsics.ts';
import type { PhysicalNames } from './physical-names.ts';
import type { Resource, ResourceKind } from './resource-kind.ts';
import { kindOf } from './resource-kinds.ts';

/** What a stack needs of its surroundings. */
export interface StackOptions {
  readonly source: AssemblyStack;
  readonly cloud: Cloud;
  readonly region: string;
  readonly names: PhysicalNames;
  /** Values of parameters, in place of their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Exports of all stacks; this one reads and adds. */
  readonly exports: Map<string, string>;
}

interface Declared {
  readonly kind: ResourceKind;
  readonly resource: Resource;
  readonly dependencies: readonly string[];
}

/** One stack. */
export class Stack implements TemplateScope {
  readonly name: string;
  readonly region: string;
  /** Values of the outputs, once deployed. */
  readonly outputs = new Map<string, string>();
  readonly #options: StackOptions;
  readonly #declared = new Map<string, Declared>();
  readonly #conditions = new Map<string, boolean>();

  constructor(options: StackOptions) {
    this.#options = options;
    this.name = options.source.name;
    this.region = options.source.region ?? options.region;
    const resources = object(options.source.template, 'Resources');
    for (const logicalId of Object.keys(resources)) this.#declare(logicalId, object(resources, logicalId));
  }

  /** Brings everything that the stack declares into being. */
  async deploy(): Promise<void> {
    const done = new Set<string>();
    for (const logicalId of this.#declared.keys()) await this.#deployOne(logicalId, done);
    this.#evaluateOutputs();
  }

  reference(name: string): unknown {
    const pseudo = this.#pseudoParameter(name);
    if (pseudo !== undefined) return pseudo;
    const parameters = object(this.#options.source.template, 'Parameters');
    if (Object.hasOwn(parameters, name)) return this.#parameter(name, object(parameters, name));
    const { kind, resource } = this.#find(name);
    return kind.reference?.(resource, this.#options.cloud) ?? resource.name;
  }

  attribute(logicalId: string, name: string): string {
    const { kind, resource } = this.#find(logicalId);
    const value = kind.attribute?.(resource, name, this.#options.cloud);
    if (value !== undefined) return value;
    throw new Error(
      `Cannot run stack "${this.name}": attribute "${name}" of resource "${logicalId}" (${resource.type}) is not known to the local cloud`,
    );
  }

  condition(name: string): boolean {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const value = conditionValue(object(this.#options.source.template, 'Conditions')[name], this);
    this.#conditions.set(name, value);
    return value;
  }

  mapping(name: string, first: string, second: string): unknown {
    const value = object(object(object(this.#options.source.template, 'Mappings'), name), first)[second];
    if (value !== undefined) return value;
    throw new Error(`Cannot run stack "${this.name}": mapping "${name}" has no "${first}", "${second}"`);
  }

  importValue(name: string): string {
    const value = this.#options.exports.get(name);
    if (value !== undefined) return value;
    throw new Error(`Cannot run stack "${this.name}": no stack before it exports "${name}"`);
  }

  #declare(logicalId: string, declaration: JsonObject): void {
    const condition = declaration['Condition'];
    if (typeof condition === 'string' && !this.condition(condition)) return;
    const type = String(declaration['Type']);
    const kind = kindOf(type);
    if (kind === undefined) {
      throw new Error(
        `Cannot run stack "${this.name}": resource "${logicalId}" has type "${type}", which the local cloud does not know`,
      );
    }
    const dependsOn = [declaration['DependsOn'] ?? []].flat().map(String);
    const dependencies = [...dependsOn, ...referencesIn(declaration['Properties'])];
    const resource = this.#resource(logicalId, { type, kind, properties: object(declaration, 'Properties') });
    this.#declared.set(logicalId, { kind, resource, dependencies });
  }

  #resource(
    logicalId: string,
    { type, kind, properties }: { type: string; kind: ResourceKind; properties: JsonObject },
  ): Resource {
    const { names } = this.#options;
    const stack = this.name;
    const property = (name: string) => {
      const value = evaluate(properties[name], this);
      return value === noValue ? undefined : value;
    };
    let known: string | undefined;
    return {
      stack,
      logicalId,
      type,
      place: { region: this.region, account: localAccount },
      property,
      properties: () => Object.fromEntries(Object.keys(properties).map((name) => [name, property(name)])),
      // Made when first asked for, since a name may itself refer to other resources.
      get name() {
        const given = kind.nameProperty === undefined ? undefined : property(kind.nameProperty);
        known ??= typeof given === 'string' ? given : names.of(stack, logicalId, kind.nameStyle ?? 'plain');
        return known;
      },
    };
  }

  async #deployOne(logicalId: string, done: Set<string>): Promise<void> {
    const declared = this.#declared.get(logicalId);
    if (declared === undefined || done.has(logicalId)) return;
    done.add(logicalId);
    for (const dependency of declared.dependencies) await this.#deployOne(dependency, done);
    try {
      await declared.kind.deploy?.(declared.resource, this.#options.cloud);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const what = `resource "${logicalId}" (${declared.resource.type})`;
      throw new Error(`Cannot run stack "${this.name}": ${what}: ${message}`, { cause });
    }
  }

  #evaluateOutputs(): void {
    const outputs = object(this.#options.source.template, 'Outputs');
    for (const name of Object.keys(outputs)) {
      const output = object(outputs, name);
      const condition = output['Condition'];
      if (typeof condition === 'string' && !this.condition(condition)) continue;
      const value = String(evaluate(output['Value'], this));
      this.outputs.set(name, value);
      const exported = isObject(output['Export']) ? evaluate(output['Export']['Name'], this) : undefined;
      if (exported !== undefined) this.#options.exports.set(String(exported), value);
    }
  }

  #parameter(name: string, declaration: JsonObject): unknown {
    const value = this.#options.parameters[name] ?? declaration['Default'];
    if (value === undefined) {
      throw new Error(
        `Cannot run stack "${this.name}": parameter "${name}" has neither a value nor a default`,
      );
    }
    const type = String(declaration['Type']);
    // Its default is the name of a parameter in SSM, such as the version of the CDK's bootstrap stack.
    if (type.startsWith('AWS::SSM::Parameter::Value'))
      return this.#options.cloud.parameters.find(String(value)) ?? '0';
    const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
    return isList && typeof value === 'string' ? value.split(',') : value;
  }

  #pseudoParameter(name: string): string | undefined {
    switch (name) {
      case 'AWS::Region':
        return this.region;
      case 'AWS::AccountId':
        return localAccount;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${this.region}:${localAccount}:stack/${this.name}/local`;
      default:
        return undefined;
    }
  }

  #find(logicalId: string): Declared {
    const declared = this.#declared.get(logicalId);
    if (declared !== undefined) return declared;
    throw new Error(`Cannot run stack "${this.name}": it has no resource or parameter "${logicalId}"`);
  }
}

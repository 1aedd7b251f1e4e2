/** Systems Manager's parameters over one file of mode 0600. */
import { optionalText, text, texts } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, Operation } from '../service.ts';
import { JsonFile } from './json-file.ts';

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly version: number;
  readonly modifiedAt: number;
}

/** The service, with the look-up that templates and tasks make in the process. */
export interface ParameterStore extends JsonService {
  /** The value by name or ARN, undefined when there is none. */
  find(nameOrArn: string): string | undefined;
}

/** Opens the parameters that live in `file`. */
export function openParameterStore(options: { file: string; place: Place }): ParameterStore {
  const file = new JsonFile(options.file);
  // Only PutParameter writes this file.
  const read = (name: string) =>
    (file.get(plainName(name)) ?? file.get(shortName(name))) as Parameter | undefined;
  const shown = (parameter: Parameter) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt,
    ARN: arnOf(options.place, 'ssm', `parameter/${parameter.name.replace(/^\//, '')}`),
    DataType: 'text',
  });
  const all = () => file.keys().flatMap((name) => read(name) ?? []);
  const service = jsonService({
    targets: ['AmazonSSM'],
    contentType: 'application/x-amz-json-1.1',
    operations: {
      GetParameter(input) {
        const name = text(input, 'Name');
        const parameter = read(name);
        if (parameter === undefined) throw notFound(name);
        return { Parameter: shown(parameter) };
      },
      GetParameters(input) {
        const names = texts(input, 'Names');
        const all = names.map((name) => ({ name, parameter: read(name) }));
        return {
          Parameters: all.flatMap(({ parameter }) => (parameter === undefined ? [] : [shown(parameter)])),
          InvalidParameters: all.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
        };
      },
      ...listings(all, shown),
      DeleteParameter(input) {
        const name = text(input, 'Name');
        const parameter = read(name);
        if (parameter === undefined) throw notFound(name);
        file.delete(parameter.name);
        return {};
      },
      PutParameter(input) {
        const name = text(input, 'Name');
        const old = read(name);
        if (old !== undefined && input['Overwrite'] !== true) {
          throw new AwsError(400, 'ParameterAlreadyExists', `The parameter ${name} already exists.`);
        }
        const version = (old?.version ?? 0) + 1;
        const type = optionalText(input, 'Type') ?? old?.type ?? 'String';
        const value = text(input, 'Value');
        file.set(name, { name, value, type, version, modifiedAt: Date.now() / 1000 } satisfies Parameter);
        return { Version: version, Tier: 'Standard' };
      },
    },
  });
  return { ...service, find: (name) => read(name)?.value };
}

/** Operations that answer many parameters. */
function listings(
  all: () => readonly Parameter[],
  shown: (parameter: Parameter) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, Operation>> {
  return {
    GetParametersByPath(input) {
      const folder = `${text(input, 'Path').replace(/\/$/, '')}/`;
      const isDeep = input['Recursive'] === true;
      const below = all().filter(
        ({ name }) => name.startsWith(folder) && (isDeep || !name.slice(folder.length).includes('/')),
      );
      return { Parameters: below.map(shown) };
    },
    DescribeParameters: () => ({
      Parameters: all().map((parameter) => ({ ...shown(parameter), Value: undefined })),
    }),
  };
}

function notFound(name: string): AwsError {
  return new AwsError(400, 'ParameterNotFound', `Parameter ${name} not found.`);
}

/** An ARN does not tell whether the name of its parameter began with a slash, so both are looked up. */
function plainName(nameOrArn: string): string {
  return /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function shortName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? plainName(nameOrArn).slice(1) : nameOrArn;
}

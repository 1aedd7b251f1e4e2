/** Secrets Manager over one file of mode 0600. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { isObject, optionalText, text } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, OperationInput } from '../service.ts';
import { JsonFile } from './json-file.ts';

interface Secret {
  readonly name: string;
  readonly value: string;
  readonly version: string;
  readonly createdAt: number;
}

/** The service, with the calls that the template interpreter makes in the process. */
export interface SecretsManager extends JsonService {
  arn(name: string): string;
  has(name: string): boolean;
  /** The value that a container definition's `valueFrom` names; with `:key` after the ARN, that key of it. */
  resolve(valueFrom: string): string;
}

/** Opens the secrets that live in `file`. */
export function openSecretsManager(options: { file: string; place: Place }): SecretsManager {
  const file = new JsonFile(options.file);
  const arn = (name: string) => arnOf(options.place, 'secretsmanager', `secret:${name}-${suffixOf(name)}`);
  // Only `put` writes this file.
  const read = (id: string) => file.get(nameOf(id)) as Secret | undefined;
  const put = (name: string, value: string): Secret => {
    const secret = { name, value, version: randomUUID(), createdAt: Date.now() / 1000 };
    file.set(name, secret);
    return secret;
  };
  const existing = (input: OperationInput): Secret => found(read(text(input, 'SecretId')));
  const answer = (secret: Secret) => ({
    ARN: arn(secret.name),
    Name: secret.name,
    VersionId: secret.version,
    VersionStages: ['AWSCURRENT'],
  });
  const service = jsonService({
    targets: ['secretsmanager'],
    contentType: 'application/x-amz-json-1.1',
    operations: {
      CreateSecret(input) {
        const name = text(input, 'Name');
        if (read(name) !== undefined) {
          throw new AwsError(400, 'ResourceExistsException', `The secret ${name} already exists.`);
        }
        return answer(put(name, optionalText(input, 'SecretString') ?? ''));
      },
      GetSecretValue(input) {
        const secret = existing(input);
        return { ...answer(secret), SecretString: secret.value, CreatedDate: secret.createdAt };
      },
      DescribeSecret(input) {
        const { ARN, Name, VersionId } = answer(existing(input));
        return { ARN, Name, VersionIdsToStages: { [VersionId]: ['AWSCURRENT'] } };
      },
      PutSecretValue: (input) => answer(put(existing(input).name, text(input, 'SecretString'))),
      UpdateSecret: (input) => answer(put(existing(input).name, text(input, 'SecretString'))),
      DeleteSecret(input) {
        // There is no recovery window here: what is deleted is gone.
        const { name } = existing(input);
        file.delete(name);
        return { ARN: arn(name), Name: name, DeletionDate: Date.now() / 1000 };
      },
      GetRandomPassword: (input) => ({ RandomPassword: generateSecret(input) }),
      ListSecrets: () => ({
        SecretList: file.keys().map((name) => ({ ARN: arn(name), Name: name })),
      }),
    },
  });
  return {
    ...service,
    arn,
    has: (name) => read(name) !== undefined,
    resolve: (valueFrom) => partOf(found(read(valueFrom)).value, valueFrom),
  };
}

/** A random password by the rules of a template's GenerateSecretString. */
export function generateSecret(rules: Readonly<Record<string, unknown>>): string {
  const excluded = new Set(String(rules['ExcludeCharacters'] ?? ''));
  const kinds = [
    [rules['ExcludeLowercase'], 'abcdefghijklmnopqrstuvwxyz'],
    [rules['ExcludeUppercase'], 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    [rules['ExcludeNumbers'], '0123456789'],
    [rules['ExcludePunctuation'], '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
  ] as const;
  const allowed = kinds.map(([left, letters]) => (isTrue(left) ? '' : letters)).join('');
  const letters = Array.from(allowed).filter((letter) => !excluded.has(letter));
  const length = Number(rules['PasswordLength'] ?? 32);
  const password = Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
  const key = rules['GenerateStringKey'];
  if (typeof key !== 'string') return password;
  const template: unknown = JSON.parse(String(rules['SecretStringTemplate'] ?? '{}'));
  return JSON.stringify({ ...(isObject(template) ? template : {}), [key]: password });
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function found(secret: Secret | undefined): Secret {
  if (secret !== undefined) return secret;
  throw new AwsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

/** AWS ends the ARN of a secret in six random letters; here they follow from the name. */
function suffixOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 6);
}

function nameOf(id: string): string {
  const match = /^arn:aws:secretsmanager:[^:]*:[^:]*:secret:([^:]+)/.exec(id);
  if (match?.[1] === undefined) return id;
  return match[1].replace(/-[0-9a-f]{6}$/, '');
}

function partOf(value: string, valueFrom: string): string {
  const key = valueFrom.startsWith('arn:') ? valueFrom.split(':')[7] : undefined;
  if (key === undefined || key === '') return value;
  const parsed: unknown = JSON.parse(value);
  return String(isObject(parsed) ? (parsed[key] ?? '') : '');
}

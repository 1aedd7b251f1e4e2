/** Secrets: what is known of them in the table, their values in Secrets Manager alone. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { SecretValue } from '#contract/resources/secret-value.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, readItems, removed, replaced } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, prefixes } from './table.ts';

/** Secrets by namespace and name. */
export interface SecretStore {
  get(namespace: string, name: string): Promise<SecretValue | undefined>;
  list(namespace: string, request: PageRequest): Promise<Page<SecretValue>>;
  /** Which of the names stand for no secret. */
  missing(namespace: string, names: readonly string[]): Promise<string[]>;
  /** `secret` carries its new version. */
  written(secret: SecretValue): Write;
  removed(namespace: string, name: string): Write;
  /** Keeps a value; from then on starts of jobs find it. */
  keepValue(namespace: string, name: string, value: string): Promise<void>;
  dropValue(namespace: string, name: string): Promise<void>;
  /** What a worker is given, and nobody else; undefined where there is nothing. */
  readValue(secret: SecretValue): Promise<string | undefined>;
}

/** Name in Secrets Manager: permissions go by its beginning. */
function vaultName(namespace: string, name: string): string {
  return `headwater/${namespace}/${name}`;
}

export function secretStore(database: Database): SecretStore {
  const get: SecretStore['get'] = async (namespace, name) => {
    const found = await readItem(database, keys.secret(namespace, name));
    return found === undefined ? undefined : SecretValue.parse(found);
  };
  return {
    get,
    list: (namespace, request) =>
      readPage(
        database,
        {
          partition: keys.secret(namespace, '').pk,
          prefix: prefixes.secret,
          parse: (found) => SecretValue.parse(found),
        },
        request,
      ),
    async missing(namespace, names) {
      if (names.length === 0) return [];
      const found = await readItems(
        database,
        names.map((name) => keys.secret(namespace, name)),
      );
      return names.filter((_, index) => found[index] === undefined);
    },
    written(secret) {
      const item = { ...keys.secret(secret.namespace, secret.name), ...secret, revision: secret.version };
      return secret.version === 1
        ? created(database, 'secret', item)
        : replaced(database, 'secret', item, secret.version - 1);
    },
    removed: (namespace, name) => removed(database, 'secret', keys.secret(namespace, name)),
    keepValue: (namespace, name, value) => keepValue(vaultName(namespace, name), value),
    dropValue: (namespace, name) => dropValue(vaultName(namespace, name)),
    async readValue({ namespace, name, reference }) {
      if (reference === null) return readSecret(vaultName(namespace, name));
      return reference.split(':')[2] === 'ssm' ? readParameter(reference) : readSecret(reference);
    },
  };
}

// Few functions work with secrets: the others never make these clients.
let secretsManager: SecretsManagerClient | undefined;
const parameterClients = new Map<string, SSMClient>();

function vault(): SecretsManagerClient {
  secretsManager ??= new SecretsManagerClient({});
  return secretsManager;
}

async function keepValue(id: string, value: string): Promise<void> {
  try {
    await vault().send(new CreateSecretCommand({ Name: id, SecretString: value }));
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
    await vault().send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
  }
}

async function dropValue(id: string): Promise<void> {
  try {
    // At once, so that the name can be used again.
    await vault().send(new DeleteSecretCommand({ SecretId: id, ForceDeleteWithoutRecovery: true }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function readSecret(id: string): Promise<string | undefined> {
  try {
    return (await vault().send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function readParameter(arn: string): Promise<string | undefined> {
  const region = arn.split(':')[3] ?? '';
  const client = parameterClients.get(region) ?? new SSMClient({ region });
  parameterClients.set(region, client);
  try {
    const answer = await client.send(new GetParameterCommand({ Name: arn, WithDecryption: true }));
    return answer.Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { awaitRetry } from '../aws/retry.ts';
import { errorName } from '../aws/service-error.ts';
import type { ConnectorHost, SinkWriter } from '../connector.ts';
import { FencedError } from '../../host.ts';
import { attributes } from './attribute-value.ts';
import { openDynamoDbClient } from './client.ts';
import { LatestPerKey } from './latest-per-key.ts';

/** Names of the attributes by which an older job is fenced. */
export interface FenceAttributes {
  readonly owner: string;
  readonly epoch: string;
}

/** Which item a record becomes. */
export interface ItemOptions<T> {
  readonly table: string;
  readonly key: (value: T) => Readonly<Record<string, string | number>>;
  readonly item: (value: T) => object;
  /** Attributes that hold who wrote the item, and in which epoch. */
  readonly fence: FenceAttributes;
  readonly concurrency: number;
}

interface Item {
  readonly keyText: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

const LINGER_MS = 50;
const HIGH_WATER = 2000;

/** Upserts items, each under the condition that no newer epoch has written it. */
export class ItemWriter<T> implements SinkWriter<T> {
  readonly highWater = HIGH_WATER;
  readonly #options: ItemOptions<T>;
  readonly #host: ConnectorHost;
  readonly #items: LatestPerKey<Item>;
  /** Sent, and neither answered nor given up. */
  readonly #requests = new Set<Promise<void>>();

  constructor(options: ItemOptions<T>, host: ConnectorHost) {
    this.#options = options;
    this.#host = host;
    this.#items = new LatestPerKey<Item>({
      host,
      lingerMs: LINGER_MS,
      concurrency: options.concurrency,
      lowWater: HIGH_WATER / 2,
      send: (item) => this.#put(item),
    });
  }

  get pending(): number {
    return this.#items.pending;
  }

  write(value: T): void {
    const { key, item, fence } = this.#options;
    const { owner, epoch } = this.#host;
    const keyAttributes = attributes(key(value));
    const keyText = JSON.stringify(keyAttributes);
    const fencing = { [fence.owner]: { S: owner }, [fence.epoch]: { N: String(epoch) } };
    this.#items.set(keyText, {
      keyText,
      attributes: { ...attributes(item(value)), ...keyAttributes, ...fencing },
    });
  }

  flush(): Promise<void> {
    return this.#items.flush();
  }

  onAvailable(wake: () => void): void {
    this.#items.onAvailable(wake);
  }

  async close(): Promise<void> {
    this.#items.close();
    await Promise.allSettled(this.#requests);
  }

  async #put(item: Item): Promise<void> {
    for (let attempt = 0; !this.#items.closed; attempt++) {
      try {
        await this.#watched(this.#putOnce(item));
        return;
      } catch (error) {
        if (errorName(error) === 'ConditionalCheckFailedException') {
          throw this.#fenced(item, error);
        }
        const subject = `table "${this.#options.table}"`;
        await awaitRetry(this.#host, error, attempt, { operation: 'PutItem', subject });
      }
    }
  }

  async #watched(request: Promise<void>): Promise<void> {
    this.#requests.add(request);
    try {
      await request;
    } finally {
      this.#requests.delete(request);
    }
  }

  async #putOnce(item: Item): Promise<void> {
    const { table, fence } = this.#options;
    const { sdk, client } = await openDynamoDbClient(this.#host);
    await client.send(
      new sdk.PutItemCommand({
        TableName: table,
        Item: item.attributes,
        // Equal epochs are the same job, which writes an item again after a failure. Another deployment, such as
        // the one that had this table before, fences nobody.
        ConditionExpression: 'attribute_not_exists(#owner) OR #owner <> :owner OR #epoch <= :epoch',
        ExpressionAttributeNames: { '#owner': fence.owner, '#epoch': fence.epoch },
        ExpressionAttributeValues: {
          ':owner': { S: this.#host.owner },
          ':epoch': { N: String(this.#host.epoch) },
        },
      }),
    );
  }

  #fenced(item: Item, cause: unknown): FencedError {
    const { table } = this.#options;
    const message = `Cannot write item ${item.keyText} of table "${table}": a job of the same deployment with an epoch above ${this.#host.epoch} has written it; this job must stop`;
    return new FencedError(message, { cause });
  }
}

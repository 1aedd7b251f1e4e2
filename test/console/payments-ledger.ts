/** Two books of the same payments, by country and minute: what went into the stream, and what came out at the table. */
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod';

/** Payments by minute and country: `2026-11-21T12:00 DE` → 38. */
export type Ledger = ReadonlyMap<string, number>;

export interface Books {
  readonly inStream: () => Promise<Ledger>;
  /** The panes of the minutes, and beside them what came too late for its own. */
  readonly inTable: () => Promise<Ledger>;
}

const Payment = z.object({ country: z.string(), at: z.union([z.string(), z.number()]) });

export function books(endpoint: string, names: { stream: string; table: string }): Books {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const options = { endpoint, region: 'eu-west-1', credentials };
  const kinesis = new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
  const tables = new DynamoDBClient(options);

  async function inStream(): Promise<Ledger> {
    const ledger = new Map<string, number>();
    const { Shards: shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: names.stream }));
    for (const { ShardId } of shards) {
      for await (const data of recordsOf(kinesis, { StreamName: names.stream, ShardId })) {
        const { country, at } = Payment.parse(JSON.parse(new TextDecoder().decode(data)));
        add(ledger, `${minuteOf(at)} ${country}`, 1);
      }
    }
    return ledger;
  }

  async function inTable(): Promise<Ledger> {
    const ledger = new Map<string, number>();
    for (const view of ['country', 'late']) {
      const pages = paginateQuery(
        { client: tables },
        {
          TableName: names.table,
          KeyConditionExpression: '#view = :view',
          ExpressionAttributeNames: { '#view': 'view' },
          ExpressionAttributeValues: { ':view': { S: view } },
          ConsistentRead: true,
        },
      );
      for await (const { Items: items = [] } of pages) {
        for (const item of items) {
          const [at = '', key = ''] = (item['at']?.S ?? '').split('#');
          // A late payment is an item of its own, with its country beside its id.
          add(ledger, `${minuteOf(at)} ${item['country']?.S ?? key}`, Number(item['payments']?.N ?? 1));
        }
      }
    }
    return ledger;
  }

  return { inStream, inTable };
}

export function total(ledger: Ledger): number {
  return [...ledger.values()].reduce((sum, count) => sum + count, 0);
}

/** The part of the ledger before a moment, in order; what is left can be compared as a whole. */
export function minutesBefore(ledger: Ledger, moment: number): Record<string, number> {
  const end = minuteOf(moment);
  return Object.fromEntries(
    [...ledger].filter(([entry]) => entry < end).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function* recordsOf(
  kinesis: KinesisClient,
  shard: { readonly StreamName: string; readonly ShardId: string | undefined },
): AsyncIterable<Uint8Array> {
  const from = new GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' });
  let { ShardIterator: iterator } = await kinesis.send(from);
  while (iterator !== undefined) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
    for (const { Data } of page.Records ?? []) if (Data !== undefined) yield Data;
    if (page.MillisBehindLatest === 0) return;
    iterator = page.NextShardIterator;
  }
}

function minuteOf(time: string | number): string {
  return new Date(time).toISOString().slice(0, 16);
}

function add(ledger: Map<string, number>, entry: string, count: number): void {
  ledger.set(entry, (ledger.get(entry) ?? 0) + count);
}

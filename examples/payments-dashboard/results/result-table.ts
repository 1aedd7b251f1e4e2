/** Reads what the deployment wrote: one item per view, window and key. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClient, QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { toSeries } from './series.ts';
import type { ResultRow, Series } from './series.ts';

const COUNTRY_HORIZON_MS = 20 * 60_000;
const SOURCE_HORIZON_MS = 10 * 60_000;

/** What the page shows; times in ms since 1970. */
export interface Results {
  readonly now: number;
  readonly countries: Series;
  readonly sources: Series;
}

export async function readResults(client: DynamoDBClient, table: string, now: number): Promise<Results> {
  const [countries, sources] = await Promise.all([
    queryView(client, { table, view: 'country', since: now - COUNTRY_HORIZON_MS }),
    queryView(client, { table, view: 'source', since: now - SOURCE_HORIZON_MS }),
  ]);
  return { now, countries: toSeries(countries, 60_000), sources: toSeries(sources, 10_000) };
}

async function queryView(
  client: DynamoDBClient,
  from: { table: string; view: string; since: number },
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: from.table,
        KeyConditionExpression: '#view = :view AND #at >= :since',
        ProjectionExpression: '#at, #payments, #volume',
        ExpressionAttributeNames: {
          '#view': 'view',
          '#at': 'at',
          '#payments': 'payments',
          '#volume': 'volume',
        },
        ExpressionAttributeValues: {
          ':view': { S: from.view },
          ':since': { S: new Date(from.since).toISOString() },
        },
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) rows.push(rowOf(item));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return rows;
}

/** The sort key is the start of the window, then the key: `2026-11-21T12:00:00.000Z#DE`. */
function rowOf(item: Record<string, AttributeValue>): ResultRow {
  const at = item['at']?.S ?? '';
  const separator = at.indexOf('#');
  return {
    start: Date.parse(at.slice(0, separator)),
    key: at.slice(separator + 1),
    payments: Number(item['payments']?.N ?? 0),
    volume: Number(item['volume']?.N ?? 0),
  };
}

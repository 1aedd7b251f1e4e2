/** The function behind the payments dashboard: the page, its data, and the simulator's bundle. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readFile } from './page-file.ts';
import { readResults } from './result-table.ts';

const tables: Readonly<Record<string, string | undefined>> = {
  staging: process.env['TABLE_STAGING'],
  production: process.env['TABLE_PRODUCTION'],
};
const client = new DynamoDBClient({});

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const path = event.pathParameters?.['file'] ?? '';
  if (path === 'results') return results(event.queryStringParameters?.['deployment'] ?? 'production');
  const file = readFile(path === '' ? 'index.html' : path);
  if (file === undefined)
    return json(404, { message: `Cannot get "/${path}": the dashboard has no such page` });
  return { statusCode: 200, headers: file.headers, body: file.body };
}

async function results(deployment: string): Promise<APIGatewayProxyStructuredResultV2> {
  const table = Object.hasOwn(tables, deployment) ? tables[deployment] : undefined;
  if (table === undefined) {
    const known = Object.keys(tables).join(', ');
    return json(404, { message: `Cannot get results of deployment "${deployment}": known are ${known}` });
  }
  return json(200, { deployment, ...(await readResults(client, table, Date.now())) });
}

function json(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

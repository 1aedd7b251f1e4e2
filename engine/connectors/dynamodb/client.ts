import { sharedClient } from '../aws/client-settings.ts';
import type { ConnectorHost } from '../connector.ts';
import type * as DynamoDbSdk from './sdk.ts';

/** The SDK with the client of this thread; it is loaded when the first item is written. */
export interface DynamoDb {
  readonly sdk: typeof DynamoDbSdk;
  readonly client: DynamoDbSdk.DynamoDBClient;
}

export function openDynamoDbClient(host: ConnectorHost): Promise<DynamoDb> {
  return sharedClient(host, 'DYNAMODB', async (settings) => {
    const sdk = await import('./sdk.ts');
    return { sdk, client: new sdk.DynamoDBClient(settings) };
  });
}

import { sharedClient } from '../aws/client-settings.ts';
import type { ConnectorHost } from '../connector.ts';
import type * as KinesisSdk from './sdk.ts';

/** The SDK with the client of this thread; every thread that loads it pays for it, so a graph is built without it. */
export interface Kinesis {
  readonly sdk: typeof KinesisSdk;
  readonly client: KinesisSdk.KinesisClient;
}

export function openKinesisClient(host: ConnectorHost): Promise<Kinesis> {
  return sharedClient(host, 'KINESIS', async (settings) => {
    const sdk = await import('./sdk.ts');
    return { sdk, client: new sdk.KinesisClient(settings) };
  });
}

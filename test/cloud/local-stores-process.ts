/** The stores of the local cloud in a process that a test can kill: `node local-stores-process.ts DIRECTORY`. */
import path from 'node:path';
import { startEndpoint } from '#local/endpoint.ts';
import { openDynamoDb } from '#local/services/dynamodb/dynamodb.ts';
import { openKinesis } from '#local/services/kinesis/kinesis.ts';
import { openS3 } from '#local/services/s3/s3.ts';

const directory = process.argv[2] ?? '';
const services = await Promise.all([
  openKinesis({ directory: path.join(directory, 'kinesis') }),
  openDynamoDb({ directory: path.join(directory, 'dynamodb') }),
  openS3({ directory: path.join(directory, 's3') }),
]);
const endpoint = await startEndpoint({ port: 0, services });
process.send?.(endpoint.url);
// The test's end must not leave this process behind.
process.once('disconnect', () => process.exit(0));

/** What is used of the SDK, by name: a bundler drops the rest, of which every thread would keep a copy. */
export { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

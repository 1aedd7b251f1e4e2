/** Calls of a job's REST API, from outside of the network through the gateway function. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { setting } from '../middleware/environment.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway.ts';
import { jobToken } from './job-token.ts';

/** A job whose REST API listens somewhere. */
export interface ReachableJob {
  readonly jobId: string;
  /** Origin of its REST API. */
  readonly address: string;
}

export type JobCall = GatewayRequest['calls'][number];

/** REST APIs of jobs. */
export interface JobCalls {
  /** Sends all calls at once; the answers stand in their order. A status of 0 means that nobody answered. */
  call(job: ReachableJob, calls: readonly JobCall[]): Promise<GatewayAnswer[]>;
  /** The bearer token that a job is called with, and told when it starts. */
  token(jobId: string): Promise<string>;
}

/** The platform's way to its jobs: through the gateway, the only function inside their network. */
export const gatewayCalls: JobCalls = { call: callJob, token: jobToken };

const Answers = z.array(z.object({ status: z.int(), body: z.unknown() }));

let client: LambdaClient | undefined;

async function callJob(job: ReachableJob, calls: readonly JobCall[]): Promise<GatewayAnswer[]> {
  client ??= new LambdaClient({});
  const request: GatewayRequest = {
    address: job.address,
    token: await jobToken(job.jobId),
    calls: [...calls],
  };
  const answer = await client.send(
    new InvokeCommand({ FunctionName: setting('gateway'), Payload: JSON.stringify(request) }),
  );
  const payload = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError !== undefined) {
    throw new Error(`Cannot call job ${job.jobId}: the gateway failed with ${payload}`);
  }
  return Answers.parse(JSON.parse(payload));
}

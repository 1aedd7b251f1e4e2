/** Names on which infra, functions and workers must agree. */

export const API_PREFIX = '/api/v1';

/** Environment of the control plane's functions; infra sets them, functions/middleware reads them. */
export const functionEnvironment = {
  table: 'HEADWATER_TABLE',
  bucket: 'HEADWATER_BUCKET',
  cluster: 'HEADWATER_CLUSTER',
  taskDefinition: 'HEADWATER_TASK_DEFINITION',
  subnets: 'HEADWATER_SUBNETS',
  securityGroups: 'HEADWATER_SECURITY_GROUPS',
  workflow: 'HEADWATER_WORKFLOW_ARN',
  gateway: 'HEADWATER_GATEWAY_FUNCTION',
  webhooks: 'HEADWATER_WEBHOOKS_FUNCTION',
  jobSecret: 'HEADWATER_JOB_SECRET_ARN',
  workerBucket: 'HEADWATER_WORKER_BUCKET',
  workerKey: 'HEADWATER_WORKER_KEY',
  workerSha256: 'HEADWATER_WORKER_SHA256',
  access: 'HEADWATER_ACCESS',
  issuer: 'HEADWATER_ISSUER',
  audience: 'HEADWATER_AUDIENCE',
  /** Requests a second with one token that one sandbox of the authorizer lets through; more for a short while. */
  requestRate: 'HEADWATER_REQUEST_RATE',
  /** For how many days records of the audit log are kept. */
  auditDays: 'HEADWATER_AUDIT_DAYS',
} as const;

/** Environment of a worker; the step that starts a task sets them, engine/worker reads them. */
export const workerEnvironment = {
  jobId: 'HEADWATER_JOB_ID',
  jobName: 'HEADWATER_JOB_NAME',
  attempt: 'HEADWATER_ATTEMPT',
  epoch: 'HEADWATER_EPOCH',
  deploymentId: 'HEADWATER_DEPLOYMENT_ID',
  namespace: 'HEADWATER_NAMESPACE',
  deployment: 'HEADWATER_DEPLOYMENT',
  applicationUrl: 'HEADWATER_APPLICATION_URL',
  applicationSha256: 'HEADWATER_APPLICATION_SHA256',
  graphHash: 'HEADWATER_GRAPH_HASH',
  configuration: 'HEADWATER_CONFIGURATION',
  /** Where the values of the secrets that the configuration refers to lie until the job runs. */
  secretsUrl: 'HEADWATER_SECRETS_URL',
  parallelism: 'HEADWATER_PARALLELISM',
  maxParallelism: 'HEADWATER_MAX_PARALLELISM',
  checkpointIntervalMs: 'HEADWATER_CHECKPOINT_INTERVAL_MS',
  /** JSON: pause, timeout, tolerable failures, retained checkpoints, timeout of alignment. */
  checkpointing: 'HEADWATER_CHECKPOINTING',
  bucket: 'HEADWATER_BUCKET',
  prefix: 'HEADWATER_PREFIX',
  restore: 'HEADWATER_RESTORE',
  /** JSON: what becomes of sinks, and when sources begin; absent where both are as the program says. */
  adjustments: 'HEADWATER_ADJUSTMENTS',
  /** 1: the worker waits to be told epoch and restore; those of the environment do not count. */
  standby: 'HEADWATER_STANDBY',
  /** JSON: restart strategy, policy for poison records, watchdog. */
  recovery: 'HEADWATER_RECOVERY',
  /** `heap` or `disk`; of the disk: its directory, and megabytes of memory for the state of one slot. */
  stateBackend: 'HEADWATER_STATE_BACKEND',
  stateDirectory: 'HEADWATER_STATE_DIRECTORY',
  stateMemoryMb: 'HEADWATER_STATE_MEMORY_MB',
  lingerMs: 'HEADWATER_LINGER_MS',
  restPort: 'HEADWATER_REST_PORT',
  restToken: 'HEADWATER_REST_TOKEN',
  workerUrl: 'HEADWATER_WORKER_URL',
  workerSha256: 'HEADWATER_WORKER_SHA256',
} as const;

/** TCP port of a job's REST API inside its task. */
export const WORKER_REST_PORT = 8081;

/** Exit codes of a worker that the control plane tells apart. */
export const workerExit = { finished: 0, failed: 1, refused: 78, fenced: 86, terminated: 143 } as const;

/** Name of the worker's container in the task definition. */
export const WORKER_CONTAINER = 'worker';

/** Keys in the platform's bucket. */
export const bucketKeys = {
  bundle: (sha256: string): string => `bundles/${sha256}.mjs`,
  /** Begin of the keys of all bundles. */
  bundles: 'bundles/',
  /** Folder of what only the worker of one job is given; nothing stays there once the job runs. */
  launches: (jobId: string): string => `launches/${jobId}`,
  /** Folder of one deployment's checkpoints: head.json lies in it. */
  checkpoints: (deploymentId: string): string => `checkpoints/${deploymentId}`,
  /** Beside the checkpoints, whose chunks such a savepoint owns by reference: none of its data is copied. */
  savepoint: (deploymentId: string, savepointId: string): string =>
    `checkpoints/${deploymentId}/savepoints/${savepointId}`,
  /** Captured records of all sinks; a folder for each lies in it. */
  captures: (deploymentId: string): string => `checkpoints/${deploymentId}/captures`,
} as const;

/** Whose objects they are. */
interface JobOfEpoch {
  readonly prefix: string;
  readonly jobId: string;
  readonly epoch: number;
}

/** Where the objects of a deployment lie in the storage; names that end with a slash are folders. */
export const storageKeys = {
  head: (prefix: string): string => `${prefix}/head.json`,
  /** Chunks of all epochs. */
  pool: (prefix: string): string => `${prefix}/chunks/`,
  chunks: (prefix: string, epoch: number): string => `${prefix}/chunks/${epoch}/`,
  /** Of all jobs: their checkpoints, and what they note for people. */
  jobs: (prefix: string): string => `${prefix}/jobs/`,
  /** Numbers are never used twice within an epoch, so what one owner wrote no other one replaces. */
  checkpoint: ({ prefix, jobId, epoch }: JobOfEpoch, id: number): string =>
    `${prefix}/jobs/${jobId}/${epoch}/chk-${id}.json`,
  diary: ({ prefix, jobId }: Pick<JobOfEpoch, 'prefix' | 'jobId'>): string =>
    `${prefix}/jobs/${jobId}/diary.json`,
  savepoints: (prefix: string): string => `${prefix}/savepoints/`,
  deadLetters: (prefix: string): string => `${prefix}/dead-letters/`,
} as const;

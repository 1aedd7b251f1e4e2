/** Paths of Flink's REST API as they come through our address. */

/** Every path exists bare and below /v1; the bare one without a slash in front is answered. */
export function barePath(path: string): string {
  return path
    .replace(/^\/+/, '')
    .replace(/^v1(?:\/|$)/, '')
    .replace(/\/+$/, '');
}

/** Where the disposal of savepoints is asked for. */
export const SAVEPOINT_DISPOSAL = 'savepoint-disposal';

/** The trigger id in a path of the form `savepoint-disposal/:triggerId`. */
export function disposalTrigger(path: string): string | undefined {
  return /^savepoint-disposal\/([0-9a-f]{32})$/.exec(path)?.[1];
}

/** Ids in a path of the form `jobs/:jobId/savepoints/:triggerId`. */
export function savepointTrigger(path: string): { jobId: string; triggerId: string } | undefined {
  const [, jobId, triggerId] = /^jobs\/([0-9a-f]{32})\/savepoints\/([0-9a-f]{32})$/.exec(path) ?? [];
  return jobId === undefined || triggerId === undefined ? undefined : { jobId, triggerId };
}

/** Job and verb in a path of the form `jobs/:jobId/stop`. */
export function jobVerb(path: string): { jobId: string; verb: string } | undefined {
  const [, jobId, verb] = /^jobs\/([0-9a-f]{32})(?:\/(\w+))?$/.exec(path) ?? [];
  return jobId === undefined ? undefined : { jobId, verb: verb ?? '' };
}

/** Imported before anything of the control plane: its logger and its settings read the environment once. */
import { functionEnvironment } from '#contract/names.ts';

const settings: Partial<Record<keyof typeof functionEnvironment, string>> = {
  workerBucket: 'workers',
  workerKey: 'worker.mjs',
  workerSha256: '0'.repeat(64),
  bucket: 'state',
};

process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
for (const [name, variable] of Object.entries(functionEnvironment)) {
  const value = settings[name as keyof typeof functionEnvironment]; // the keys of this very object
  if (value !== undefined) process.env[variable] = value;
}

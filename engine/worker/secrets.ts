import { downloadPatiently } from './download-patiently.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** Secrets of a job by their names in its configuration. */
export type Secrets = ReadonlyMap<string, string>;

/** Fetches what the control plane laid down for this start alone; none where the configuration refers to none. */
export async function fetchSecrets(url: string | undefined): Promise<Secrets> {
  if (url === undefined) return new Map();
  const bytes = await downloadPatiently(url, 'the secrets of the configuration');
  const document: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (typeof document !== 'object' || document === null) {
    throw new WorkerRefusal('Cannot start the worker: the secrets of the configuration are no JSON object');
  }
  return new Map(Object.entries(document).map(([name, value]) => [name, String(value)]));
}

const REPLACEMENT = '***';
// Shorter values stand in any text by chance: replacing them would hide the text and not the value.
const SHORTEST = 4;

/** A function that takes every secret out of a text, also where the text is JSON or an address. */
export function secretMask(secrets: Secrets): (text: string) => string {
  const forms = [...secrets.values()]
    .filter((value) => value.length >= SHORTEST)
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  // A secret that holds another one goes first, or the rest of it would stay.
  const longestFirst = [...new Set(forms)].sort((left, right) => right.length - left.length);
  if (longestFirst.length === 0) return (text) => text;
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, REPLACEMENT), text);
}

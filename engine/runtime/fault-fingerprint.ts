import { createHash } from 'node:crypto';
import type { Fault } from './job-status.ts';

/**
 * What faults of one cause have in common: operator, class, message without what varies, and the calls that led there.
 */
export function faultFingerprint({ name, message, operator, vertex, frames = [] }: Fault): string {
  const common = [operator ?? vertex ?? '', name, normalized(message), ...frames];
  return createHash('sha256').update(JSON.stringify(common)).digest('hex').slice(0, 16);
}

/** Numbers, ids and quoted values differ from record to record. */
function normalized(message: string): string {
  return message
    .replaceAll(/(?<=.)"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replaceAll(/\b[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}\b/gi, '#')
    .replaceAll(/-?\d+(?:\.\d+)?/g, '#')
    .slice(0, 500);
}

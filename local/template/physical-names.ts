/** Names of things that the template leaves unnamed; the same at every start. */
import { createHash } from 'node:crypto';
import type { JsonFile } from '../services/secrets/json-file.ts';

/** How the service restricts names. */
export type NameStyle = 'plain' | 'bucket' | 'id';

const longest = 63;

/** Gives and remembers names by stack and logical id. */
export class PhysicalNames {
  readonly #file: JsonFile;

  constructor(file: JsonFile) {
    this.#file = file;
  }

  of(stack: string, logicalId: string, style: NameStyle): string {
    const key = `${stack}/${logicalId}`;
    const known = this.#file.get(key);
    if (typeof known === 'string') return known;
    const name = makeName(stack, logicalId, style);
    this.#file.set(key, name);
    return name;
  }
}

function makeName(stack: string, logicalId: string, style: NameStyle): string {
  const hash = createHash('sha256').update(`${stack}/${logicalId}`).digest('hex');
  if (style === 'id')
    return BigInt(`0x${hash.slice(0, 16)}`)
      .toString(36)
      .padStart(10, '0')
      .slice(0, 10);
  const full = `${stack}-${logicalId}`;
  const fitting = full.length <= longest ? full : `${full.slice(0, longest - 9)}-${hash.slice(0, 8)}`;
  return style === 'bucket' ? fitting.toLowerCase() : fitting;
}

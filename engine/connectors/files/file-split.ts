import type { Split } from '../connector.ts';
import type { StoredFile } from './file-store.ts';

/** A part of a file, with the place where reading goes on. */
export interface FileSplit {
  readonly file: StoredFile;
  readonly compressed: boolean;
  /** Lines that begin at or behind this byte, and before `to`, belong to the split. */
  readonly from: number;
  readonly to: number;
  /** The next line: the byte where it begins, or its number in a compressed file. */
  readonly next: number;
}

/** Cuts a file into parts of about `rangeBytes`; a compressed one can only be read from its start. */
export function splitFile(file: StoredFile, rangeBytes: number): readonly Split[] {
  const compressed = file.name.endsWith('.gz');
  const parts = compressed ? 1 : Math.max(1, Math.ceil(file.sizeBytes / rangeBytes));
  return Array.from({ length: parts }, (_, part) => {
    const from = part * rangeBytes;
    const to = part === parts - 1 ? file.sizeBytes : from + rangeBytes;
    return encodeSplit({ file, compressed, from, to, next: compressed ? 0 : from });
  });
}

export function encodeSplit({ file, compressed, from, to, next }: FileSplit): Split {
  const { name, sizeBytes, version } = file;
  // Twelve digits sort as text as they do as numbers, up to a terabyte.
  return {
    id: `${name}#${String(from).padStart(12, '0')}`,
    position: JSON.stringify({ next, from, to, sizeBytes, version, ...(compressed ? { compressed } : {}) }),
  };
}

/** The name of the file that a split is part of. */
export function fileOf(id: string): string {
  return id.slice(0, id.lastIndexOf('#'));
}

export function decodeSplit({ id, position }: Split): FileSplit {
  // Only `encodeSplit` writes positions; the control plane keeps them as they are.
  const { next, from, to, sizeBytes, version, compressed = false } = JSON.parse(position) as Position;
  return { file: { name: fileOf(id), sizeBytes, version }, compressed, from, to, next };
}

interface Position {
  readonly next: number;
  readonly from: number;
  readonly to: number;
  readonly sizeBytes: number;
  readonly version: string;
  readonly compressed?: boolean;
}

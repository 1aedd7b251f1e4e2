import type { SnapshotPart } from '../state/snapshot.ts';

/** The memory of parts, to be given to another thread instead of copies; each part has its own. */
export function memoryOf(parts: readonly SnapshotPart[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { bytes } of parts) if (bytes.buffer instanceof ArrayBuffer) buffers.add(bytes.buffer);
  return [...buffers];
}

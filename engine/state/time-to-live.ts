import type { FrameReader } from '../data/frame-reader.ts';
import type { Clock } from '../host.ts';
import type { StateLayout } from './state-layout.ts';

/** True when a value written then may be seen no more. Source: Flink's `TtlUtils`: last access + ttl <= now. */
export function isExpired(writtenAt: number, ttlMs: number, clock: Clock): boolean {
  return writtenAt + ttlMs <= clock.now();
}

/** The time of an entry's last write; entries written without one count as written now. */
export function readWrittenAt(from: FrameReader, written: StateLayout, clock: Clock): number {
  return written.timed === true ? from.f64() : clock.now();
}

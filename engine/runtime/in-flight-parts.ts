import { FrameWriter } from '../data/frame-writer.ts';
import { keyGroupOf, keyGroupRange, type Key, type KeyGroupRange } from '../data/key-groups.ts';
import { MIN_WATERMARK, recordBatch, type RecordBatch } from '../data/record-batch.ts';
import type { JobEdge, JobVertex } from '../graph/job-graph.ts';
import type { RestoredState, SnapshotPart } from '../state/snapshot.ts';
import type { InFlight, RestoredInFlight } from './in-flight.ts';

/**
 * Records in flight as state of the operator that they were on their way to: of keyed edges by key group, of others
 * with the subtask that held them.
 *
 * Units and shape: a state for each input of the operator. A part is the watermark of its writer (f64) and its number
 * (u32), and then frames of the edge's codec, each behind its length (u32); little endian.
 */
const STATE = 'in-flight/';
const HEADER_BYTES = 12;
const LENGTH_BYTES = 4;
const PART_BYTES = 1024 * 1024;

/** One subtask, as far as its place in the job is concerned. */
export interface VertexSubtask {
  readonly vertex: JobVertex;
  readonly subtask: number;
}

/** Whether a state holds records that were in flight. */
export function isInFlightState(state: string): boolean {
  return state.startsWith(STATE);
}

/** True where a restore at any parallelism can give each record to one subtask, and keep the order that is promised. */
export function mayBeOvertaken({ exchange }: JobEdge): boolean {
  // Copies of a broadcast record are with some subtasks and not yet with others. On a forward edge the order of what
  // a key brought forth holds only as long as both ends are cut alike. Flink aligns both as well.
  return exchange === 'hash' || exchange === 'rebalance';
}

/** What is in flight, for a snapshot. */
export function inFlightParts(
  { vertex, subtask }: VertexSubtask,
  held: InFlight,
  watermark: number,
): readonly SnapshotPart[] {
  const head = vertex.nodes[0];
  const frame = new FrameWriter();
  return vertex.inputs.flatMap((edge, input) => {
    const parts: SnapshotPart[] = [];
    let [frames, bytes, entries]: [Uint8Array[], number, number] = [[], HEADER_BYTES, 0];
    const cut = (): void => {
      if (entries === 0 || head === undefined) return;
      parts.push({
        operatorId: head.id,
        operatorName: head.name,
        state: `${STATE}${input}`,
        keyGroups: rangeOf({ vertex, subtask }),
        distribution: edge.exchange === 'hash' ? 'key-groups' : 'split',
        entries,
        bytes: joined(frames, bytes, { watermark, subtask }),
      });
      [frames, bytes, entries] = [[], HEADER_BYTES, 0];
    };
    for (const { input: own, batch } of held.records()) {
      if (own !== input || batch.size === 0) continue;
      edge.codec.encodeBatch(batch, 0, batch.size, frame);
      const encoded = frame.finish().slice();
      frames.push(encoded);
      bytes += LENGTH_BYTES + encoded.length;
      entries += batch.size;
      if (bytes >= PART_BYTES) cut();
    }
    cut();
    return parts;
  });
}

/** What of the records that were in flight this subtask takes over. */
export function restoredInFlight(place: VertexSubtask, restored: RestoredState): RestoredInFlight {
  const head = place.vertex.nodes[0];
  const parts = [...restored.parts(head?.id ?? '')].filter(({ state }) => isInFlightState(state));
  const own = rangeOf(place);
  let watermark = Infinity;
  const records = parts.flatMap((part) => {
    const input = Number(part.state.slice(STATE.length));
    const edge = place.vertex.inputs[input];
    if (edge === undefined)
      throw new Error(`Operator "${head?.name}" has no input ${input} for the records that were in flight.`);
    const view = new DataView(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength);
    if (edge.exchange !== 'hash' && view.getUint32(8, true) % place.vertex.parallelism !== place.subtask)
      return [];
    // Windows that are over do not come back by a late record; at another parallelism nobody knows which are over.
    watermark = Math.min(watermark, isRange(part.keyGroups, own) ? view.getFloat64(0, true) : MIN_WATERMARK);
    return framesOf(part.bytes, view).map((frame) => {
      const batch = recordBatch();
      edge.codec.decodeFrame(frame, batch);
      if (edge.exchange === 'hash' && !isRange(part.keyGroups, own)) keepKeys(batch, edge, place);
      return { input, batch };
    });
  });
  return {
    records: records.filter(({ batch }) => batch.size > 0),
    watermark: watermark === Infinity ? MIN_WATERMARK : watermark,
  };
}

function joined(
  frames: readonly Uint8Array[],
  bytes: number,
  { watermark, subtask }: { readonly watermark: number; readonly subtask: number },
): Uint8Array {
  const part = new Uint8Array(bytes);
  const view = new DataView(part.buffer);
  view.setFloat64(0, watermark, true);
  view.setUint32(8, subtask, true);
  let at = HEADER_BYTES;
  for (const frame of frames) {
    view.setUint32(at, frame.length, true);
    part.set(frame, at + LENGTH_BYTES);
    at += LENGTH_BYTES + frame.length;
  }
  return part;
}

function framesOf(bytes: Uint8Array, view: DataView): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const length = view.getUint32(at, true);
    frames.push(bytes.slice(at + LENGTH_BYTES, at + LENGTH_BYTES + length));
    at += LENGTH_BYTES + length;
  }
  return frames;
}

function keepKeys(batch: RecordBatch, { key }: JobEdge, place: VertexSubtask): void {
  // Whoever wrote the record into its channel has checked that it has a key.
  const keyOf = key as (value: unknown) => Key;
  const { start, end } = rangeOf(place);
  let kept = 0;
  for (let index = 0; index < batch.size; index += 1) {
    const group = keyGroupOf(keyOf(batch.values[index]), place.vertex.maxParallelism);
    if (group < start || group > end) continue;
    batch.values[kept] = batch.values[index];
    batch.times[kept] = batch.times[index]!; // within its size
    kept += 1;
  }
  batch.size = kept;
}

function rangeOf({ vertex, subtask }: VertexSubtask): KeyGroupRange {
  return keyGroupRange(subtask, vertex.maxParallelism, vertex.parallelism);
}

function isRange(left: KeyGroupRange, right: KeyGroupRange): boolean {
  return left.start === right.start && left.end === right.end;
}

import { createHash } from 'node:crypto';
import { batchCodec } from '../../data/batch-codec.ts';
import { FrameWriter } from '../../data/frame-writer.ts';
import { recordBatch } from '../../data/record-batch.ts';
import type { ChainEntry } from '../../operators/operator-error.ts';
import { dataText } from './same-data.ts';

/** A record as it entered a chain, as data that can be kept and be put in once more. */
export interface EnteredRecord {
  /** The same for all records that are equal in value, time and place. */
  readonly id: string;
  /** Id of the operator at the head of the chain, and the input of it. */
  readonly head: string;
  readonly input: number;
  /** Event time; of a source's record the program gives it anew. */
  readonly time: number;
  /** One frame of the self-describing codec, so that it can be read whatever becomes of the schema. */
  readonly frame: Uint8Array;
}

const codec = batchCodec(undefined, 'to the dead letters');

/**
 * Undefined for a record that is no plain data, and so could not be put in again. `timed` is false where records come
 * in before they have their event time, which then makes no difference between two of them.
 */
export function enteredRecord(head: string, entry: ChainEntry, timed: boolean): EnteredRecord | undefined {
  const { input, value, time } = entry;
  try {
    const batch = recordBatch(1);
    batch.values[0] = value;
    batch.times[0] = time;
    batch.size = 1;
    const writer = new FrameWriter();
    codec.encodeBatch(batch, 0, 1, writer);
    const frame = writer.finish().slice();
    const id = createHash('sha256')
      .update(dataText([head, input, timed ? time : null, value]))
      .digest('hex')
      .slice(0, 24);
    return { id, head, input, time, frame };
  } catch {
    // Whatever the codec refuses: the fault that led here is the one to be shown.
    return undefined;
  }
}

/** The value of a record that was kept. */
export function valueOf({ frame }: Pick<EnteredRecord, 'frame'>): unknown {
  const batch = recordBatch(1);
  codec.decodeFrame(frame, batch);
  return batch.values[0];
}

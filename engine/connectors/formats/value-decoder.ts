import { DecodeError } from '../../data/decode-error.ts';
import type { RecordBatch } from '../../data/record-batch.ts';
import type { DecodeFault, RecordDecoder } from './record-decoder.ts';

/** A decoder that reads payloads one by one; a `DecodeError` of `read` is a fault of its payload. */
export function valueDecoder(read: (payload: Uint8Array) => unknown): RecordDecoder {
  return {
    decode(payloads, from, to, batch: RecordBatch) {
      const faults: DecodeFault[] = [];
      batch.size = 0;
      for (let index = from; index < to; index++) {
        try {
          batch.values[batch.size] = read(payloads[index] ?? new Uint8Array());
          batch.size += 1;
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          faults.push({ index, reason: error.message });
        }
      }
      return faults;
    },
  };
}

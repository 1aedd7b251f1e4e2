import { workerData } from 'node:worker_threads';
import { RingWriter } from './ring.ts';

/** The other thread of the ring's test: writes frames whose sizes and contents follow from their number. */
export function payloadOf(frame: number, maxBytes: number): Uint8Array {
  const length = (Math.imul(frame + 1, 2_654_435_761) >>> 0) % (maxBytes + 1);
  return Uint8Array.from({ length }, (_, index) => (frame * 31 + index * 7) & 0xff);
}

interface Task {
  readonly ring: SharedArrayBuffer;
  readonly frames: number;
  readonly maxBytes: number;
}

function run({ ring, frames, maxBytes }: Task): void {
  const writer = new RingWriter(ring);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let frame = 0; frame < frames; frame += 1) {
    const payload = payloadOf(frame, maxBytes);
    while (!writer.write(1 + (frame % 6), payload)) Atomics.wait(pause, 0, 0, 1);
  }
}

// The test imports the contents from here too, and is no such thread.
if ((workerData as { readonly ringPeer?: Task } | null)?.ringPeer !== undefined) {
  run((workerData as { readonly ringPeer: Task }).ringPeer);
}

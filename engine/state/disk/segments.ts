import type { DiskFile, DiskFiles } from './disk-files.ts';

/** Where a chunk lies on the disk. */
export interface Extent {
  readonly segment: Segment;
  readonly base: number;
  readonly bytes: number;
}

/** One file of chunks: written to its end and then never again. */
export interface Segment {
  readonly file: DiskFile;
  size: number;
  /** Chunks in it that are still wanted. */
  chunks: number;
  sealed: boolean;
}

/** The files of one store: chunks go behind each other into segments, and a segment goes with the last of them. */
export class Segments {
  readonly #files: DiskFiles;
  readonly #name: string;
  readonly #segmentBytes: number;
  readonly #held = new Set<Segment>();
  #number = 0;
  #current: Segment | undefined;

  constructor(files: DiskFiles, name: string, segmentBytes: number) {
    this.#files = files;
    this.#name = name;
    this.#segmentBytes = segmentBytes;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    let bytes = 0;
    for (const { size } of this.#held) bytes += size;
    return bytes;
  }

  get count(): number {
    return this.#held.size;
  }

  append(chunk: Uint8Array): Extent {
    const segment = this.#segment();
    segment.file.write(chunk, segment.size);
    const base = segment.size;
    segment.size += chunk.byteLength;
    segment.chunks++;
    if (segment.size >= this.#segmentBytes) this.#seal(segment);
    return { segment, base, bytes: chunk.byteLength };
  }

  /** Nobody wants this chunk any more. */
  release({ segment }: Extent): void {
    segment.chunks--;
    if (segment.chunks === 0) {
      if (segment === this.#current) this.#current = undefined;
      this.#held.delete(segment);
      segment.file.remove();
    }
  }

  close(): void {
    for (const { file } of this.#held) file.remove();
    this.#held.clear();
    this.#current = undefined;
  }

  #segment(): Segment {
    if (this.#current === undefined) {
      const file = this.#files.create(`${this.#name}-${this.#number++}.log`);
      this.#current = { file, size: 0, chunks: 0, sealed: false };
      this.#held.add(this.#current);
    }
    return this.#current;
  }

  #seal(segment: Segment): void {
    segment.sealed = true;
    this.#current = undefined;
  }
}

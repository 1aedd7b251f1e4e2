/** The checksums of a body: MD5 for its ETag, and those that the client announced, which are verified. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '../service.ts';
import { crc32c, crc64Nvme } from '../crc.ts';
import type { Crc } from '../crc.ts';

const makers: Readonly<Record<string, () => Crc>> = {
  crc32: zlibCrc32,
  crc32c,
  crc64nvme: crc64Nvme,
  sha1: () => hashed('sha1'),
  sha256: () => hashed('sha256'),
};
const headerPrefix = 'x-amz-checksum-';

/** Digests a body as it passes by. */
export class BodyDigest {
  readonly #md5 = createHash('md5');
  readonly #running = new Map<string, Crc>();

  /** Finds in the headers, and in the announced trailer, which checksums the client will want verified. */
  constructor(headers: IncomingHttpHeaders) {
    const announced = [
      ...Object.keys(headers),
      ...String(headers['x-amz-trailer'] ?? '')
        .toLowerCase()
        .split(','),
    ];
    for (const name of announced.map((header) => header.trim())) {
      const maker = name.startsWith(headerPrefix) ? makers[name.slice(headerPrefix.length)] : undefined;
      if (maker !== undefined && !this.#running.has(name)) this.#running.set(name, maker());
    }
  }

  update(bytes: Buffer): void {
    this.#md5.update(bytes);
    for (const checksum of this.#running.values()) checksum.update(bytes);
  }

  /** Ends the digest and compares it with what the client sent in headers or trailer. */
  verify(headers: IncomingHttpHeaders, trailer: ReadonlyMap<string, string>): VerifiedBody {
    const md5 = this.#md5.digest();
    const claimedMd5 = headers['content-md5'];
    if (claimedMd5 !== undefined && claimedMd5 !== md5.toString('base64')) throw badDigest('Content-MD5');
    const checksums: Record<string, string> = {};
    for (const [name, checksum] of this.#running) {
      const actual = checksum.digest().toString('base64');
      const claimed = headers[name] ?? trailer.get(name);
      if (claimed !== undefined && claimed !== actual) throw badDigest(name);
      checksums[name] = actual;
    }
    return { etag: md5.toString('hex'), checksums };
  }
}

/** What was found out about a body whose checksums held. */
export interface VerifiedBody {
  /** Hexadecimal MD5, the ETag of an object put in one piece. */
  readonly etag: string;
  /** Header name of a checksum → base64. */
  readonly checksums: Readonly<Record<string, string>>;
}

function badDigest(name: string): AwsError {
  return new AwsError(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
}

function zlibCrc32(): Crc {
  let state = 0;
  return {
    update(bytes) {
      state = crc32(bytes, state);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(state >>> 0);
      return out;
    },
  };
}

function hashed(algorithm: string): Crc {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

import * as z from 'zod';

/** What of a savepoint's manifest says how large it is; chunks may be shared with checkpoints and with each other. */
const SizedManifest = z.looseObject({
  operators: z.array(
    z.looseObject({ chunks: z.array(z.looseObject({ key: z.string(), bytes: z.number() })) }),
  ),
});

/** Bytes of the state that a manifest of our engine refers to; undefined for any other text. */
export function stateBytesOf(text: string): number | undefined {
  const manifest = SizedManifest.safeParse(parsed(text));
  if (!manifest.success) return undefined;
  const chunks = manifest.data.operators.flatMap((operator) => operator.chunks);
  const sizes = new Map(chunks.map(({ key, bytes }) => [key, bytes]));
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

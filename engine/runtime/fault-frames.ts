const SHOWN = 3;

/** Generated loops call the program's functions; operators with state do it from these folders. */
const ENGINE =
  /headwater\/[^/]*:\d+|[/\\]program\.mjs:|[/\\]engine[/\\](?:operators|runtime|connectors|state|data|stream|graph)[/\\]/;

/**
 * The innermost frames of a stack that belong to the program, without what Node does for it: all before the first
 * one of the engine. Where source maps are on they name the author's own files and lines.
 */
export function userFrames(stack: string | undefined): readonly string[] {
  const frames = (stack ?? '')
    .split('\n')
    .map((line) => /^\s+at (.+)$/.exec(line)?.[1])
    .filter((frame) => frame !== undefined);
  const first = frames.findIndex((frame) => ENGINE.test(frame));
  return frames
    .slice(0, first < 0 ? undefined : first)
    .filter((frame) => !frame.includes('node:'))
    .slice(0, SHOWN);
}

/** Runs in a process of its own during a push: prints what the program describes, or why it cannot be described. */

type Describe = (application: never) => unknown;

/** `load` imports the program; `describe` is the engine's. Ends with exit code 1 and a message for its author. */
export async function describeProgram(
  load: () => Promise<{ readonly default?: unknown }>,
  describe: Describe,
): Promise<void> {
  try {
    const { default: application } = await load();
    if (!isApplication(application)) {
      throw new Error('it exports no application; write "export default application(name, { ... })"');
    }
    // The check above is all that can be known of what a file exports.
    process.stdout.write(JSON.stringify(describe(application as never)));
  } catch (error) {
    process.stderr.write(explained(error));
    process.exitCode = 1;
  }
}

function isApplication(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function';
}

/** The message, and the place in the author's own file that it comes from. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}, which is no Error`;
  let origin = error;
  while (origin.cause instanceof Error) origin = origin.cause;
  const frame = origin.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line) && !/\/engine\/|\/cli\/push\/|<stdin>|node:/.test(line));
  return frame === undefined ? error.message : `${error.message}\n  ${frame.trim()}`;
}

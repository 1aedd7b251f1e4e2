import { CliError, exitCode } from '../exit-code.ts';

/** What the engine says about a savepoint file is a sentence for people; everything else stays what it is. */
export function refusedFile(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isSentence = error.name === 'Refusal' || 'syscall' in error;
  return isSentence ? new CliError(exitCode.failed, error.message, { cause: error }) : error;
}

import { CliError, exitCode } from '../../exit-code.ts';

/** A revision's number as it was typed. */
export function revisionNumber(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d*$/.test(text)) return Number(text);
  const message = `Cannot use revision ${text}: it must be a number of "deployment revisions"`;
  throw new CliError(exitCode.usage, message);
}

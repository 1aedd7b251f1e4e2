/** What scripts can rely on: one number for each way a command ends. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  notSignedIn: 4,
  notFound: 5,
  conflict: 6,
  timedOut: 7,
  wouldChange: 8,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends the command with a sentence on stderr and the given code. */
export class CliError extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.code = code;
  }
}

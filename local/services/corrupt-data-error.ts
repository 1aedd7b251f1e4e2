/** Data on disk that can be neither read nor repaired without losing what was acknowledged. */
export class CorruptDataError extends Error {
  override readonly name = 'CorruptDataError';
  readonly file: string;

  constructor(file: string, what: string, options?: ErrorOptions) {
    super(
      `Cannot read "${file}": ${what}; restore the file from a copy, or move it away to start without its data`,
      options,
    );
    this.file = file;
  }
}

/**
 * A refusal with its HTTP status.
 *
 * Flink's client knows an error only by a body of exactly one key, `{"errors": […]}`, and repeats a request for a
 * minute after a 503; so no route answers 503 for what will not change.
 */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

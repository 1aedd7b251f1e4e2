/** An error in the sense of the Amazon States Language: a name that retriers and catchers match, and a cause. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string;
  readonly causeText: string;

  constructor(error: string, causeText: string, options?: ErrorOptions) {
    super(`${error}: ${causeText}`, options);
    this.error = error;
    this.causeText = causeText;
  }
}

/** The failure that any thrown thing amounts to; what the language has no name for is States.Runtime. */
export function asFailure(thrown: unknown): StateFailure {
  if (thrown instanceof StateFailure) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new StateFailure('States.Runtime', message, { cause: thrown });
}

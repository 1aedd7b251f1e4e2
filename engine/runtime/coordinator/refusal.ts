/** A job cannot start as it was asked to, and another try would not change that. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

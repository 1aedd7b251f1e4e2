/** Why a caller is not let in, in words that the caller may read. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

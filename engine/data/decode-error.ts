/** A value from outside is no value of its type; the message names the field. Whoever decodes makes it a fault of the record. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

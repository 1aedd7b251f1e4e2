/** State on the local disk cannot be read or written; the attempt of the job fails and restores its checkpoint. */
export class StateDiskError extends Error {
  override readonly name = 'StateDiskError';
}

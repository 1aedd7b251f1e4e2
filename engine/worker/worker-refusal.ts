/** The worker cannot start as it was told to; trying again without a change would end the same way. */
export class WorkerRefusal extends Error {
  override readonly name = 'WorkerRefusal';
}

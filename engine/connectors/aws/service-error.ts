// What the caller did wrong stays wrong; all else (throttling, 5xx, sockets, expired credentials) heals by itself.
const PERMANENT = new Set([
  'AccessDeniedException',
  'ConditionalCheckFailedException',
  'InvalidArgumentException',
  'InvalidSignatureException',
  'ItemCollectionSizeLimitExceededException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSNotFoundException',
  'ResourceNotFoundException',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** Whether the same request may succeed later. */
export function isTransient(error: unknown): boolean {
  return !PERMANENT.has(errorName(error)) && !(error instanceof TypeError);
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function errorMessage(error: unknown): string {
  // Some network errors of Node have an empty message and a telling name.
  return error instanceof Error ? error.message || error.name : String(error);
}

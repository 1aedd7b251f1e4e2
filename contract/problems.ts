/**
 * Every error that a caller can see. One middleware turns a `Problem` into RFC 9457 `application/problem+json`;
 * CLI and console print its sentence.
 */
import * as z from 'zod';
import { Permission } from './access.ts';
import { Verb } from './verbs.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  /** What the caller can do about it. */
  readonly remedy: string;
}

export const problems = {
  'invalid-json': {
    status: 400,
    title: 'The body is not JSON',
    retryable: false,
    remedy: 'Send one JSON document with content type application/json.',
  },
  'invalid-request': {
    status: 422,
    title: 'The request has faults',
    retryable: false,
    remedy: 'Correct the fields that the answer points to.',
  },
  'missing-header': {
    status: 400,
    title: 'A header is missing',
    retryable: false,
    remedy: 'Send the header that the answer names.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The content type is not accepted here',
    retryable: false,
    remedy: 'Use the content type that the answer names.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    remedy: 'Bodies hold at most 1 MiB; bundles go to the upload address.',
  },
  unauthenticated: {
    status: 401,
    title: 'Nobody is signed in',
    retryable: false,
    remedy: 'Send a valid access token.',
  },
  forbidden: {
    status: 403,
    title: 'Not permitted',
    retryable: false,
    remedy: 'Ask an owner of the namespace for the permission that the answer names.',
  },
  'not-found': {
    status: 404,
    title: 'It does not exist',
    retryable: false,
    remedy: 'Look at the list of its siblings.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The address does not take this method',
    retryable: false,
    remedy: 'Use a method that the header Allow names.',
  },
  'already-exists': {
    status: 409,
    title: 'The name is taken',
    retryable: false,
    remedy: 'Choose another name, or change the one that exists.',
  },
  'not-empty': {
    status: 409,
    title: 'There is still something in it',
    retryable: false,
    remedy: 'Delete what the answer names first.',
  },
  'role-built-in': {
    status: 409,
    title: 'The role comes with the platform',
    retryable: false,
    remedy: 'Create a role of another name with the permissions that you want.',
  },
  'quota-exceeded': {
    status: 409,
    title: 'The quota of the namespace is used up',
    retryable: false,
    remedy: 'Give up something that counts, or ask an administrator of the platform for more.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    remedy: 'Wait for as long as the header Retry-After says.',
  },
  'verb-not-allowed': {
    status: 409,
    title: 'The verb is not legal in this status',
    retryable: false,
    remedy: 'Use one of the allowed verbs.',
  },
  'operation-in-progress': {
    status: 409,
    title: 'Another operation is under way',
    retryable: true,
    remedy: 'Wait for the operation that the answer names, then try again.',
  },
  'operation-not-cancellable': {
    status: 409,
    title: 'The operation cannot be cancelled any more',
    retryable: false,
    remedy: 'Wait until it has ended, then undo what it did with the verb that does the opposite.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The idempotency key was used for another request',
    retryable: false,
    remedy: 'Use a new key for a new request.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is required',
    retryable: false,
    remedy: 'Read the resource and send its ETag as If-Match.',
  },
  'revision-changed': {
    status: 412,
    title: 'It was changed by someone else',
    retryable: false,
    remedy: 'Read it again and repeat the change on the current revision.',
  },
  'state-loss-not-accepted': {
    status: 422,
    title: 'State would be lost',
    retryable: false,
    remedy: 'Suspend instead, or accept the loss in so many words with acceptStateLoss.',
  },
  'state-incompatible': {
    status: 422,
    title: 'The program cannot begin from this state',
    retryable: false,
    remedy: 'Declare the rename, the migration or what may be left behind; the running job was not touched.',
  },
  'gate-missed': {
    status: 500,
    title: 'The new job did not show what its gate asks for',
    retryable: false,
    remedy: 'Look at the figures that the answer names, correct the version or the gate, and upgrade again.',
  },
  'no-state-to-restore': {
    status: 422,
    title: 'There is no state to restore',
    retryable: false,
    remedy: 'Choose another restore strategy.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor does not belong to this list',
    retryable: false,
    remedy: 'Begin the list again without a cursor.',
  },
  'bundle-mismatch': {
    status: 422,
    title: 'The uploaded bundle is not the announced one',
    retryable: false,
    remedy: 'Upload the bundle again.',
  },
  'job-unreachable': {
    status: 503,
    title: 'The job does not answer',
    retryable: true,
    remedy: 'Try again in a few seconds; the event log tells why it is gone.',
  },
  'job-failed': {
    status: 500,
    title: 'The job failed',
    retryable: false,
    remedy: 'Look at the failure of the job, correct its cause and start again.',
  },
  'savepoint-failed': {
    status: 500,
    title: 'The savepoint failed',
    retryable: true,
    remedy: 'The job runs on; look at the cause in the savepoint and try again.',
  },
  'savepoint-in-use': {
    status: 409,
    title: 'The savepoint is needed as it is',
    retryable: true,
    remedy: 'Wait until what the answer names needs it no more.',
  },
  'savepoint-held': {
    status: 409,
    title: 'The savepoint is held',
    retryable: false,
    remedy: 'Ask who holds it; release it when nobody needs it any more.',
  },
  'savepoint-incomplete': {
    status: 422,
    title: 'The savepoint is not complete',
    retryable: false,
    remedy: 'Take or import it again; the answer names what is missing.',
  },
  'job-refused': {
    status: 409,
    title: 'The job refuses it',
    retryable: false,
    remedy: 'The answer gives its reason; the job goes on as before.',
  },
  'version-in-use': {
    status: 409,
    title: 'Deployments need the version',
    retryable: false,
    remedy: 'Move the deployments that the answer names to another version, or retire this one.',
  },
  'application-in-use': {
    status: 409,
    title: 'The application is not empty',
    retryable: false,
    remedy: 'Delete its deployments and its versions first.',
  },
  'deployments-invalid': {
    status: 422,
    title: 'Deployments would become invalid',
    retryable: false,
    remedy: 'Change the deployments that the answer names first, or the settings so that they stay valid.',
  },
  'in-use': {
    status: 409,
    title: 'It is in use',
    retryable: false,
    remedy: 'Change or delete what uses it first; the answer names it.',
  },
  'secret-missing': {
    status: 422,
    title: 'A secret has no value',
    retryable: false,
    remedy: 'Set the secret that the answer names, then start again.',
  },
  'not-implemented': {
    status: 501,
    title: 'Not available here',
    retryable: false,
    remedy: 'Use what the answer names instead.',
  },
  internal: {
    status: 500,
    title: 'Something broke inside the platform',
    retryable: true,
    remedy: 'Try again; give the request id to whoever runs the platform.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]; // Keys of a literal.

/** The body of an error answer, by RFC 9457. */
export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(problemCodes),
    requestId: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
    retryable: z.boolean(),
    remedy: z.string(),
    /** Verbs that are legal now, where the refusal was about a verb. */
    allowed: z.array(Verb).optional(),
    operationId: z.string().optional(),
    /** The permission that was lacking, and where. */
    missing: z
      .object({ permission: Permission, namespace: z.string().optional(), deployment: z.string().optional() })
      .optional(),
    retryAfterSeconds: z.int().optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof ProblemBody>;

export type ProblemDetails = Pick<
  ProblemBody,
  'errors' | 'allowed' | 'operationId' | 'missing' | 'retryAfterSeconds'
> & {
  readonly cause?: unknown;
};

/** An error that the caller can act on. `message` is a whole sentence naming what was refused and why. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return problems[this.code].status;
  }

  /** The body that a caller receives. */
  toBody(requestId?: string): ProblemBody {
    const { status, title, retryable, remedy } = problems[this.code];
    const { errors, allowed, operationId, missing, retryAfterSeconds } = this.details;
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      retryable,
      remedy,
      ...(requestId === undefined ? {} : { requestId }),
      ...(errors === undefined ? {} : { errors }),
      ...(allowed === undefined ? {} : { allowed }),
      ...(operationId === undefined ? {} : { operationId }),
      ...(missing === undefined ? {} : { missing }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
}

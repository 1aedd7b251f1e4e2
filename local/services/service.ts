/** What every local AWS service is to the endpoint: an object that answers HTTP requests, or JSON operations. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** One HTTP request as the endpoint hands it to a service. */
export interface ServiceRequest {
  readonly method: string;
  /** Path as it stood on the wire, undecoded and without the query. */
  readonly path: string;
  /** Query without its question mark, undecoded. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Reads the whole body; fails with a 413 `AwsError` beyond `limitBytes` (default 16 MiB, DynamoDB's limit). */
  body(limitBytes?: number): Promise<Buffer>;
  /** The body for services that stream it; use either this or `body`. */
  readonly stream: IncomingMessage;
}

/** A service behind the endpoint. */
export interface Service {
  /** Prefixes of X-Amz-Target that belong to this service, such as `DynamoDB_20120810`; [] when routed by path. */
  readonly targets: readonly string[];
  /**
   * Whether a request without a known target belongs to this service, such as a path of the Lambda API.
   * A service with neither targets nor `claims` takes all that is left over; that is S3.
   */
  claims?(request: ServiceRequest): boolean;
  handle(request: ServiceRequest, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** An error that the caller sees in the form that AWS gives it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  /** Short shape name, such as `ResourceNotFoundException`. */
  readonly type: string;
  /** Further members of the JSON error, such as `CancellationReasons`. */
  readonly details: Record<string, unknown>;

  constructor(status: number, type: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = details;
  }
}

/** What an operation may know of its call beside its input. */
export interface OperationContext {
  readonly operation: string;
  /** Absent when the operation is invoked in the process. */
  readonly request?: ServiceRequest;
}

/** Parsed JSON of a request; each operation checks what it reads. */
export type OperationInput = Record<string, unknown>;

/** A result that is JSON already, for operations whose answers are too large to be built twice. */
export class RenderedJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One operation of a JSON protocol; what it returns, or promises, becomes the response body. */
export type Operation = (input: OperationInput, context: OperationContext) => unknown;

/** A service that speaks one of AWS's JSON protocols. */
export interface JsonService extends Service {
  /** Calls an operation in the process, without HTTP; throws the `AwsError` that the wire would carry. */
  invoke(operation: string, input: OperationInput): Promise<unknown>;
}

/** How `jsonService` presents a table of operations. */
export interface JsonServiceOptions {
  readonly targets: readonly string[];
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** Namespace before `#` in `__type`; most services have none. */
  readonly errorNamespace?: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Called once by `close`. */
  readonly close?: () => Promise<void>;
}

/** Makes a service of a table of operations; an operation that is not in the table gets AWS's own refusal. */
export function jsonService(options: JsonServiceOptions): JsonService {
  const call = async (
    operation: string,
    input: OperationInput,
    request?: ServiceRequest,
  ): Promise<unknown> => {
    const found = Object.hasOwn(options.operations, operation) ? options.operations[operation] : undefined;
    if (found === undefined) {
      throw new AwsError(
        400,
        'UnknownOperationException',
        `The local service has no operation "${operation}"`,
      );
    }
    return found(input, request === undefined ? { operation } : { operation, request });
  };

  return {
    targets: options.targets,
    async invoke(operation, input) {
      const result = await call(operation, input);
      return result instanceof RenderedJson ? JSON.parse(result.text) : result;
    },
    close: async () => options.close?.(),
    async handle(request, response) {
      try {
        const operation = String(request.headers['x-amz-target'] ?? '').split('.', 2)[1] ?? '';
        const input = parseInput(await request.body());
        sendJson(response, 200, options.contentType, (await call(operation, input, request)) ?? {});
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        closeIfUnread(request, response);
        sendJsonError(response, error, options);
      }
    },
  };
}

function parseInput(body: Buffer): OperationInput {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      // A JSON object is a record of unknown members; nothing more is claimed.
      return parsed as OperationInput;
    }
  } catch (cause) {
    throw Object.assign(new AwsError(400, 'SerializationException', 'The request body is not JSON'), {
      cause,
    });
  }
  throw new AwsError(400, 'SerializationException', 'The request body is not a JSON object');
}

/** What is left of an unread body would be taken for the next request of the connection, so that must end. */
export function closeIfUnread(request: ServiceRequest, response: ServerResponse): void {
  if (!request.stream.complete) response.setHeader('connection', 'close');
}

/** Sends one JSON body with the headers that the SDKs read. */
export function sendJson(response: ServerResponse, status: number, contentType: string, body: unknown): void {
  const bytes = Buffer.from(body instanceof RenderedJson ? body.text : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': bytes.length,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(bytes);
}

function sendJsonError(response: ServerResponse, error: AwsError, options: JsonServiceOptions): void {
  const type = options.errorNamespace === undefined ? error.type : `${options.errorNamespace}#${error.type}`;
  // DynamoDB's own errors carry both spellings and clients in the field read either.
  const body = { ...error.details, __type: type, message: error.message, Message: error.message };
  sendJson(response, error.status, options.contentType, body);
}

/** A distribution: paths to origins, with functions, error pages and headers on the way. */
import { jsonAnswer } from '../apigateway/answer.ts';
import type { Answer, Origin, WebRequest } from '../apigateway/answer.ts';
import { Compression } from './compression.ts';
import type { EdgeFunction } from './edge-function.ts';

/** What happens to requests whose path fits a pattern. */
export interface Behavior {
  /** `*` and `?` stand for any letters and any letter. */
  readonly pathPattern: string;
  readonly origin: Origin;
  readonly allowedMethods: readonly string[];
  readonly compress: boolean;
  readonly viewerRequest?: EdgeFunction;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** The page that takes the place of an origin's error. */
export interface ErrorPage {
  readonly status: number;
  readonly responseStatus?: number;
  readonly path?: string;
}

/** A distribution as the template declares it; the last behavior is the default one. */
export interface DistributionOptions {
  readonly behaviors: readonly Behavior[];
  readonly defaultRootObject: string;
  readonly errorPages: readonly ErrorPage[];
}

/** Answers requests as the distribution would. */
export class Distribution {
  readonly #options: DistributionOptions;
  readonly #compression = new Compression();

  constructor(options: DistributionOptions) {
    this.#options = options;
  }

  async answer(request: WebRequest): Promise<Answer> {
    const behavior = this.#behaviorOf(request.path);
    if (behavior === undefined) return jsonAnswer(403, { message: 'Forbidden' });
    if (!behavior.allowedMethods.includes(request.method)) {
      return jsonAnswer(403, { message: 'This distribution does not allow the HTTP method of the request' });
    }
    const answer = await this.#withErrorPage(request, await this.#fromOrigin(behavior, request));
    const dressed = { ...answer, headers: { ...answer.headers, ...behavior.responseHeaders } };
    if (!behavior.compress) return dressed;
    return this.#compression.apply(dressed, request.incoming.headers['accept-encoding'] ?? '');
  }

  async #fromOrigin(behavior: Behavior, request: WebRequest): Promise<Answer> {
    const result = behavior.viewerRequest?.run(request) ?? request;
    if ('answer' in result) return result.answer;
    const path = result.path === '/' ? `/${this.#options.defaultRootObject}` : result.path;
    return behavior.origin({ ...request, path, query: result.query });
  }

  /** An error page comes through the behavior of its own path. */
  async #withErrorPage(request: WebRequest, answer: Answer): Promise<Answer> {
    const page = this.#options.errorPages.find(({ status }) => status === answer.status);
    if (page?.path === undefined) return answer;
    const behavior = this.#behaviorOf(page.path);
    if (behavior === undefined) return answer;
    const shown = await behavior.origin({ ...request, method: 'GET', path: page.path, query: '' });
    return shown.status === 200 ? { ...shown, status: page.responseStatus ?? answer.status } : answer;
  }

  #behaviorOf(path: string): Behavior | undefined {
    return this.#options.behaviors.find((behavior) => pathFits(behavior.pathPattern, path));
  }
}

function pathFits(pattern: string, path: string): boolean {
  const rooted = pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`;
  const source = rooted
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(path);
}

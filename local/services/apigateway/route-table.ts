/** Routes of an HTTP API and the one that a request takes. */

/** What a route leads to. */
export interface Route {
  /** `METHOD /path/{parameter}`, or `$default`. */
  readonly routeKey: string;
  readonly integrationId: string;
  readonly authorizerId?: string;
  readonly scopes: readonly string[];
}

/** A route with the values of its path's parameters. */
export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
}

/** The routes of one API. */
export class RouteTable {
  readonly #routes = new Map<string, Compiled>();

  put(route: Route): void {
    const [method = '', path = ''] = route.routeKey.split(' ');
    const isDefault = route.routeKey === '$default';
    this.#routes.set(route.routeKey, {
      route,
      method: isDefault ? 'ANY' : method,
      segments: isDefault ? ['{proxy+}'] : segmentsOf(path),
    });
  }

  /** The most specific route: literal before parameter before greedy, then method before ANY. */
  match(method: string, decodedPath: string): RouteMatch | undefined {
    const segments = segmentsOf(decodedPath);
    const candidates = [...this.#routes.values()].filter(
      (compiled) =>
        (compiled.method === 'ANY' || compiled.method === method) &&
        (compiled.route.routeKey === '$default' || fits(compiled.segments, segments)),
    );
    const best = candidates.sort(bySpecificity)[0];
    return best === undefined
      ? undefined
      : { route: best.route, pathParameters: parametersOf(best.segments, segments, best.route) };
  }
}

function segmentsOf(path: string): string[] {
  const segments = path.split('/').slice(1);
  // A slash at the end makes no difference on an HTTP API.
  return segments.at(-1) === '' ? segments.slice(0, -1) : segments;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function isGreedy(segment: string): boolean {
  return segment.endsWith('+}');
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  const greedy = isGreedy(pattern.at(-1) ?? '');
  if (greedy ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every((segment, index) => isParameter(segment) || segment === segments[index]);
}

function bySpecificity(first: Compiled, second: Compiled): number {
  const length = Math.max(first.segments.length, second.segments.length);
  for (let index = 0; index < length; index += 1) {
    const difference = vagueness(first.segments[index]) - vagueness(second.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(first.method === 'ANY') - Number(second.method === 'ANY');
}

function vagueness(segment: string | undefined): number {
  if (segment === undefined) return 3;
  if (isGreedy(segment)) return 2;
  return isParameter(segment) ? 1 : 0;
}

function parametersOf(
  pattern: readonly string[],
  segments: readonly string[],
  route: Route,
): Record<string, string> {
  if (route.routeKey === '$default') return {};
  return Object.fromEntries(
    pattern.flatMap((segment, index) => {
      if (!isParameter(segment)) return [];
      const value = isGreedy(segment) ? segments.slice(index).join('/') : (segments[index] ?? '');
      return [[segment.replaceAll(/[{}+]/g, ''), value]];
    }),
  );
}

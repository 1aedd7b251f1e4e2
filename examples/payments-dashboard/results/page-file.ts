import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the page as the answer to a request. */
export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

const directory = import.meta.dirname;
const pageDirectory = join(directory, 'page');
// What may be asked for is listed once, so that no path of a request ever reaches the file system.
const files = new Map<string, string>(
  (existsSync(pageDirectory) ? readdirSync(pageDirectory) : []).map((name) => [
    name,
    join(pageDirectory, name),
  ]),
);
files.set('simulator.mjs', join(directory, 'simulator.mjs'));

/** The file of that name beside the function's bundle; undefined when there is none. */
export function readFile(name: string): PageFile | undefined {
  const path = files.get(name);
  if (path === undefined) return undefined;
  const contentType = CONTENT_TYPES[extname(name)] ?? 'text/plain; charset=utf-8';
  return {
    headers: { 'content-type': contentType, 'cache-control': 'no-cache', ...SECURITY_HEADERS },
    body: readFileSync(path, 'utf8'),
  };
}

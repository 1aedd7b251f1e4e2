/** Which platform a command talks to: flag, then environment, then the local one that runs here. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createClient, type Client } from '#contract/api/client.ts';
import { CliError, exitCode } from './exit-code.ts';

export const RUN_FILE = '.headwater/run.json';

export interface Place {
  readonly flag: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
}

export function connect(place: Place): Client {
  const url = httpAddress(place.flag ?? place.environment['HEADWATER_URL'] ?? localUrl(place.directory));
  const token = place.environment['HEADWATER_TOKEN'];
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new CliError(
      exitCode.usage,
      'Cannot use HEADWATER_TOKEN: it holds blanks, line ends or letters that no token has; set it anew',
    );
  }
  return createClient({
    url,
    token: () => Promise.resolve(token),
    fetch: async (input, init) => {
      try {
        return await fetch(input, init);
      } catch (cause) {
        throw new CliError(
          exitCode.failed,
          `Cannot reach the platform at ${url}: nobody answers; run "npm start", or name another with --url`,
          { cause },
        );
      }
    },
  });
}

function httpAddress(text: string): string {
  const { protocol } = URL.parse(text) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return text.replace(/\/+$/, '');
  throw new CliError(
    exitCode.usage,
    `Cannot use address "${text}": it must begin with http:// or https://, as in http://127.0.0.1:8080`,
  );
}

/** The address that a running `npm start` left in this directory or one above it. */
function localUrl(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, RUN_FILE);
    if (existsSync(file)) return runUrl(file);
    if (dirname(at) === at) break;
  }
  throw new CliError(
    exitCode.failed,
    'Cannot find a platform: run "npm start" in the checkout, or name one with --url or HEADWATER_URL',
  );
}

function runUrl(file: string): string {
  try {
    const run: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof run === 'object' && run !== null && 'url' in run && typeof run.url === 'string')
      return run.url;
  } catch (cause) {
    throw new CliError(
      exitCode.failed,
      `Cannot read ${file}: it is not JSON; delete it and run "npm start"`,
      { cause },
    );
  }
  throw new CliError(exitCode.failed, `Cannot use ${file}: it names no "url"; delete it and run "npm start"`);
}

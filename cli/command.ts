/** The form of a command: data, from which parsing, help and examples derive. */
import type { Client } from '#contract/api/client.ts';
import type { View } from './output/view.ts';

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly about: string;
  readonly short?: string;
  readonly values?: readonly string[];
  readonly multiple?: true;
}

export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
}

export interface Invocation {
  readonly args: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly namespace: string;
  readonly output: OutputFormat;
  /** Made at first use, so that commands without a platform need none. */
  readonly client: () => Promise<Client>;
  /** Progress for people, on stderr. */
  readonly say: (line: string) => void;
}

/** `body` is the API's answer, printed by `-o json` as it is; `view` shows it to people. */
export interface Result {
  readonly body: unknown;
  readonly view: View;
  /** Other than 0, such as 8 for a dry run. */
  readonly exit?: number;
}

export interface Command {
  /** The noun and the verb: `['deployment', 'list']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly arguments?: readonly Argument[];
  readonly flags?: Readonly<Record<string, Flag>>;
  readonly examples?: readonly string[];
  run(invocation: Invocation): Promise<Result | undefined>;
}

export const outputFormats = ['rich', 'plain', 'json', 'yaml', 'ndjson'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Flags that every command takes. */
export const commonFlags: Readonly<Record<string, Flag>> = {
  output: {
    type: 'string',
    short: 'o',
    about: 'how to print the result; rich on a terminal, plain in a pipe',
    values: outputFormats,
  },
  namespace: { type: 'string', short: 'n', about: 'namespace (HEADWATER_NAMESPACE; "default" if not given)' },
  url: { type: 'string', about: 'address of the platform (HEADWATER_URL; else the local one)' },
  quiet: { type: 'boolean', short: 'q', about: 'print the result only, no progress' },
  help: { type: 'boolean', short: 'h', about: 'explain the command' },
};

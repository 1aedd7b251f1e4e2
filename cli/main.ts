/** The command line: finds the command, reads its flags, prints its result. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import metadata from '../package.json' with { type: 'json' };
import { Problem, problems, type ProblemCode } from '#contract/problems.ts';
import { commonFlags, outputFormats, type Command, type Invocation, type OutputFormat } from './command.ts';
import { commands } from './commands/index.ts';
import { CliError, exitCode } from './exit-code.ts';
import { explain, overview, usage } from './output/help.ts';
import { printed } from './output/print.ts';
import { connect } from './platform.ts';

type Values = Record<string, string | boolean | string[] | undefined>;

const argv = process.argv.slice(2);
process.exitCode = await main(argv);
// The channel to start.mjs would keep a platform that could not start alive for ever.
if (process.connected) process.disconnect();

async function main(words: readonly string[]): Promise<number> {
  let format: OutputFormat = 'plain';
  try {
    const command = find(words);
    if (command === undefined) return printOverview(words);
    const { values, positionals } = parse(command, words.slice(command.path.length));
    if (values['help'] === true) {
      console.log(explain(command));
      return exitCode.ok;
    }
    format = formatOf(values);
    const result = await command.run(invocation(command, values, positionals, format));
    if (result !== undefined) console.log(printed(result, format));
    return result?.exit ?? exitCode.ok;
  } catch (error) {
    return report(error, format);
  }
}

function find(words: readonly string[]): Command | undefined {
  return commands.find((command) => command.path.every((word, index) => words[index] === word));
}

function printOverview(words: readonly string[]): number {
  if (words[0] === '--version') {
    console.log(metadata.version);
    return exitCode.ok;
  }
  const named = words.filter((word) => !word.startsWith('-') && word !== 'help');
  const matching = commands.filter((command) => command.path[0] === named[0]);
  if (named.length === 0) {
    console.log(overview(commands));
    return words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))
      ? exitCode.ok
      : exitCode.usage;
  }
  if (matching.length > 0 && named.length === 1) {
    console.log(overview(matching));
    return exitCode.ok;
  }
  throw new CliError(
    exitCode.usage,
    `There is no command "${named.join(' ')}"; run "headwater --help" for the list`,
  );
}

function parse(command: Command, words: readonly string[]): { values: Values; positionals: string[] } {
  const flags = { ...command.flags, ...commonFlags };
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) },
    ]),
  );
  refuseUnknown(command, words, Object.keys(flags));
  const parsed = parseArgs({ args: [...words], allowPositionals: true, options });
  const values: Values = { ...parsed.values } as Values; // parseArgs types values by literal options only.
  for (const [name, flag] of Object.entries(flags)) {
    const value = values[name];
    if (flag.values && typeof value === 'string' && !flag.values.includes(value)) {
      throw new CliError(
        exitCode.usage,
        `Cannot use --${name} ${value}: it must be one of ${flag.values.join(', ')}`,
      );
    }
  }
  return { values, positionals: parsed.positionals };
}

/** Node's own sentence speaks of positional arguments, which is seldom what was meant. */
function refuseUnknown(command: Command, words: readonly string[], known: readonly string[]): void {
  const end = words.indexOf('--');
  for (const word of end === -1 ? words : words.slice(0, end)) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name !== undefined && !known.includes(name)) {
      const takes = known.map((flag) => `--${flag}`).join(', ');
      throw new CliError(
        exitCode.usage,
        `There is no flag --${name}: "headwater ${command.path.join(' ')}" takes ${takes}`,
      );
    }
  }
}

function formatOf(values: Values): OutputFormat {
  const wanted = values['output'] ?? process.env['HEADWATER_OUTPUT'];
  return outputFormats.find((name) => name === wanted) ?? (process.stdout.isTTY ? 'rich' : 'plain');
}

function invocation(
  command: Command,
  values: Values,
  positionals: readonly string[],
  output: OutputFormat,
): Invocation {
  const declared = command.arguments ?? [];
  if (positionals.length > declared.length) {
    throw new CliError(
      exitCode.usage,
      `Cannot use "${positionals[declared.length]}": the form is headwater ${usage(command)}`,
    );
  }
  const args: Record<string, string> = {};
  for (const [index, argument] of declared.entries()) {
    const value = positionals[index];
    if (value !== undefined) args[argument.name] = value;
    else if (!argument.optional) {
      throw new CliError(
        exitCode.usage,
        `<${argument.name}> is missing: the form is headwater ${usage(command)}`,
      );
    }
  }
  const text = (name: string): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  return {
    args,
    flags: values,
    output,
    namespace: text('namespace') ?? process.env['HEADWATER_NAMESPACE'] ?? 'default',
    client: async () => connect({ flag: text('url'), environment: process.env, directory: process.cwd() }),
    say: (line) => {
      if (values['quiet'] !== true) console.error(line);
    },
  };
}

function report(error: unknown, format: OutputFormat): number {
  if (error instanceof Problem) {
    if (format === 'json' || format === 'ndjson')
      console.log(JSON.stringify(error.toBody(), null, format === 'json' ? 2 : 0));
    console.error(`error: ${error.message}`);
    const { errors = [] } = error.details;
    // A single fault stands in the sentence already.
    if (errors.length > 1)
      for (const { pointer, message } of errors) console.error(`  ${pointer} ${message}`);
    console.error(`  ${problems[error.code].remedy} [${error.code}]`);
    return codeOf(error.code);
  }
  if (error instanceof CliError) {
    console.error(`error: ${error.message}`);
    return error.code;
  }
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    console.error(`error: ${error.message}`);
    return exitCode.usage;
  }
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  console.error(`  This is a fault of headwater itself; report it with these lines:`);
  console.error(error instanceof Error ? error.stack : error);
  return exitCode.failed;
}

function codeOf(code: ProblemCode): number {
  switch (problems[code].status) {
    case 401:
    case 403:
      return exitCode.notSignedIn;
    case 404:
      return exitCode.notFound;
    case 409:
    case 412:
      return exitCode.conflict;
    default:
      return exitCode.failed;
  }
}

/** Help derives from the command table. */
import { commonFlags, type Command, type Flag } from '../command.ts';

export function overview(commands: readonly Command[]): string {
  const nouns = Map.groupBy(commands, (command) => command.path[0] ?? '');
  const width = Math.max(...commands.map((command) => usage(command).length));
  const sections = [...nouns.values()].map((group) =>
    group.map((command) => `  ${usage(command).padEnd(width)}  ${command.summary}`).join('\n'),
  );
  return [
    'Usage: headwater <noun> <verb> [names] [flags]',
    '',
    sections.join('\n\n'),
    '',
    'headwater <noun> <verb> --help explains one command; -o json prints the API answer.',
    'Exit codes: 0 done, 1 failed, 2 wrong use, 4 not permitted, 5 not found, 6 conflict, 7 timed out, 8 a dry run.',
  ].join('\n');
}

export function explain(command: Command): string {
  const args = (command.arguments ?? []).map((argument) => [`<${argument.name}>`, argument.about] as const);
  const flags = Object.entries({ ...command.flags, ...commonFlags }).map(
    ([name, flag]) => [flagName(name, flag), flagAbout(flag)] as const,
  );
  const width = Math.max(...[...args, ...flags].map(([name]) => name.length));
  const lines = (rows: readonly (readonly [string, string])[]): string[] =>
    rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`);
  return [
    `headwater ${usage(command)} - ${command.summary}`,
    ...(args.length > 0 ? ['', ...lines(args)] : []),
    '',
    ...lines(flags),
    ...(command.examples
      ? ['', 'Examples', ...command.examples.map((example) => `  headwater ${example}`)]
      : []),
  ].join('\n');
}

export function usage(command: Command): string {
  const args = (command.arguments ?? []).map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`));
  return [...command.path, ...args].join(' ');
}

function flagName(name: string, flag: Flag): string {
  return `${flag.short ? `-${flag.short}, ` : ''}--${name}${flag.type === 'string' ? ` <${name}>` : ''}`;
}

function flagAbout(flag: Flag): string {
  return flag.values ? `${flag.about} (${flag.values.join(', ')})` : flag.about;
}

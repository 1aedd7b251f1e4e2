/** The command lines that do what the console does. */
import type { Act, VerbInput } from '../api/verb-input.ts';

/** The line that does what a dialog is about to do. */
export function verbLine(act: Act, deployment: string, input: VerbInput, acceptStateLoss = false): string {
  const words = act === 'savepoint' ? ['savepoint', 'create', deployment] : ['deployment', act, deployment];
  const more = [...argumentsOf(act, input), ...flagsOf(act, input)];
  if (acceptStateLoss) more.push('--accept-state-loss');
  const command = line([...words, ...more, '--wait']);
  // A patch has no flag of its own: it comes as a file, here by the shell's standard input.
  return act === 'upgrade' && input.spec !== undefined
    ? `echo ${quoted(JSON.stringify(input.spec))} | ${command}`
    : command;
}

export function line(words: readonly string[]): string {
  return ['npx', 'headwater', ...words].join(' ');
}

function argumentsOf(act: Act, input: VerbInput): string[] {
  switch (act) {
    case 'reset':
      return [input.savepointId ?? '<savepoint>'];
    case 'migrate':
      return [input.target ?? '<target>'];
    case 'promote':
      return [input.promoteTo ?? '<deployment>'];
    case 'fork':
      return [input.fork?.name || '<name>'];
    default:
      return [];
  }
}

function flagsOf(act: Act, input: VerbInput): string[] {
  const { restoreStrategy: restore, fork, deletion, spec } = input;
  const forks = act === 'fork';
  return [
    ...flag('--restore', restore?.kind === 'savepoint' ? restore.savepointId : restore?.kind),
    ...flag('--version', input.version),
    ...flag('--to', input.revision),
    ...flag('--parallelism', input.parallelism),
    ...flag('--savepoint', forks && fork?.empty !== true ? input.savepointId : undefined),
    ...(fork?.empty === true ? ['--empty'] : []),
    ...flag('--to-namespace', fork?.namespace),
    ...flag('--sinks', fork?.sinks?.every),
    ...flag('--expires', fork?.expiresAt),
    ...flag('--target', forks && typeof spec?.['target'] === 'string' ? spec['target'] : undefined),
    ...(act === 'upgrade' && spec !== undefined ? ['--file', '/dev/stdin'] : []),
    ...flag('--at', input.startAt),
    ...flag('--gate-timeout', input.gate?.timeout),
    ...flag('--healthy-for', input.gate?.healthyFor),
    ...flag('--savepoints', deletion?.savepoints),
    ...(deletion?.purge === true ? ['--purge'] : []),
    ...flag('--description', input.description),
    ...flag('--reason', input.reason),
  ];
}

function flag(name: string, value: string | number | undefined): string[] {
  return value === undefined || value === '' ? [] : [name, word(String(value))];
}

/** A word that a shell leaves as it is; all others in quotes. */
function word(text: string): string {
  return /^[\w.:@/-]+$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

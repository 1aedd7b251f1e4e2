/** The command lines that do what the console does. */
import type { VerbInput } from '../api/use-verb.ts';
import type { Verb } from '#contract/verbs.ts';

export function verbLine(verb: Verb, deployment: string, input: VerbInput): string {
  const words = verb === 'savepoint' ? ['savepoint', 'create', deployment] : ['deployment', verb, deployment];
  const restore = input.restoreStrategy;
  if (restore?.kind === 'savepoint') words.push('--restore', restore.savepointId);
  else if (restore !== undefined) words.push('--restore', restore.kind);
  if (input.description) words.push('--description', quoted(input.description));
  if (input.acceptStateLoss === true) words.push('--accept-state-loss');
  return line([...words, '--wait']);
}

export function line(words: readonly string[]): string {
  return ['npx', 'headwater', ...words].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

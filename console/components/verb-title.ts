import type { Verb } from '#contract/verbs.ts';

/** "Suspend": as buttons and dialogs say it. */
export function verbTitle(verb: Verb): string {
  return verb.charAt(0).toUpperCase() + verb.slice(1);
}

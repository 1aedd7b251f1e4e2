import { verbs } from '#contract/verbs.ts';
import type { Act } from '../api/verb-input.ts';

/** What a verb does, as a sentence. */
export function verbSummary(act: Act): string {
  return act === 'promote'
    ? 'Upgrade another deployment of the application to the version that runs here.'
    : verbs[act].summary;
}

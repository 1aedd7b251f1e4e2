import type { Act } from '../api/verb-input.ts';

/** "Suspend": as buttons and dialogs say it. */
export function verbTitle(act: Act): string {
  return act.charAt(0).toUpperCase() + act.slice(1);
}

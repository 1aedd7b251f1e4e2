import { Problem } from '#contract/problems.ts';

/** Whether the platform wants to hear in so many words that state may be lost. */
export function isLossRefused(error: Error | null): boolean {
  return error instanceof Problem && error.code === 'state-loss-not-accepted';
}

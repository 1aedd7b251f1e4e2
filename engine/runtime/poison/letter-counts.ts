import type { ManifestLetter } from '../coordinator/manifest.ts';
import type { LetterCounts } from './gate.ts';

/** Adds up, for every checkpoint of an attempt, how often each record was set aside and put in again. */
export class LetterTotals {
  readonly #before: readonly ManifestLetter[];
  /** By checkpoint, then by subtask of a vertex. */
  readonly #counts = new Map<number, Map<string, LetterCounts>>();

  constructor(before: readonly ManifestLetter[]) {
    this.#before = before;
  }

  /** A subtask stands before the barrier; what it counted is part of the checkpoint. */
  counted(checkpointId: number, subtask: string, counts: LetterCounts): void {
    const all = this.#counts.get(checkpointId) ?? new Map<string, LetterCounts>();
    this.#counts.set(checkpointId, all.set(subtask, counts));
  }

  /** What the manifest of the checkpoint says; older ones are not asked for any more. */
  take(checkpointId: number): readonly ManifestLetter[] {
    const totals = new Map(this.#before.map((letter) => [letter.id, { ...letter }]));
    for (const counts of this.#counts.get(checkpointId)?.values() ?? []) {
      for (const name of ['setAside', 'replayed'] as const) {
        for (const [id, times] of Object.entries(counts[name])) {
          const total = totals.get(id) ?? { id, setAside: 0, replayed: 0 };
          totals.set(id, { ...total, [name]: total[name] + times });
        }
      }
    }
    for (const id of this.#counts.keys()) if (id <= checkpointId) this.#counts.delete(id);
    return [...totals.values()];
  }
}

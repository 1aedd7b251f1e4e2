import type { MatchField } from './match-fields.ts';
import type { Taken } from './partial-match.ts';

/** What a condition may ask of the events that its partial match took: one property per step. */
export type SoFarView = Readonly<Record<string, unknown>>;

/**
 * What the partial match at work took so far, read only when a condition asks for it.
 *
 * Contract: `look` turns all views to another partial match. Views are made once per step and never per event.
 */
export class SoFar {
  readonly #views = new Map<string, SoFarView>();
  readonly #lists = new Map<string, readonly unknown[]>();
  #last: Taken | undefined;
  #current: Taken | undefined;

  look(last: Taken | undefined): void {
    this.#last = last;
    this.#current = undefined;
    if (this.#lists.size > 0) {
      this.#lists.clear();
    }
  }

  /**
   * Says that `taken` is being taken: steps of one event already show it, lists do not. Flink asks the conditions
   * behind an event without it, and lists must agree; but a step of one event promises to have it.
   */
  taking(taken: Taken): void {
    this.#current = taken;
  }

  /** For conditions of the step `own`, which see `fields`, and of these their own events as a list. */
  viewFor(own: string, fields: readonly MatchField[]): SoFarView {
    const known = this.#views.get(own);
    if (known !== undefined) {
      return known;
    }
    const view: Record<string, unknown> = {};
    for (const { step, kind } of fields) {
      const many = kind === 'many' || step === own;
      Object.defineProperty(view, step, {
        enumerable: true,
        get: () => (many ? this.#list(step) : this.#event(step)),
      });
    }
    this.#views.set(own, view);
    return view;
  }

  #event(step: string): unknown {
    if (this.#current?.step === step) {
      return this.#current.event.value;
    }
    for (let taken = this.#last; taken !== undefined; taken = taken.before) {
      if (taken.step === step) {
        return taken.event.value;
      }
    }
    return undefined;
  }

  #list(step: string): readonly unknown[] {
    const known = this.#lists.get(step);
    if (known !== undefined) {
      return known;
    }
    const events: unknown[] = [];
    for (let taken = this.#last; taken !== undefined; taken = taken.before) {
      if (taken.step === step) {
        events.push(taken.event.value);
      }
    }
    events.reverse();
    this.#lists.set(step, events);
    return events;
  }
}

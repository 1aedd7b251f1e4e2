/**
 * One run of a function of the control plane: a request, a step, a sweep. It stands still at every call of the outside
 * until the schedule lets it go on, and may die there as a process does.
 */

/** A call of the outside that waits to be made. */
export interface Gate {
  readonly actor: Actor;
  readonly label: string;
  /** `pause` waits for the clock until `wakeAtMs`. */
  readonly kind: 'read' | 'stale-read' | 'write' | 'swap' | 'pause';
  readonly wakeAtMs: number;
  /** Calls wait in the order in which they were begun. */
  readonly order: number;
  /** Makes the call; what it throws is the answer too. */
  readonly perform: (how: 'newest' | 'stale') => unknown;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How a run ended. */
export type Ending =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' };

let begun = 0;

export class Actor {
  readonly name: string;
  /** After this moment its process is killed, as Lambda does. */
  readonly deadlineMs: number;
  readonly gates: Gate[] = [];
  #ended: ((ending: Ending) => void) | undefined;
  #isDead = false;

  constructor(name: string, deadlineMs: number, ended: (ending: Ending) => void) {
    this.name = name;
    this.deadlineMs = deadlineMs;
    this.#ended = ended;
  }

  /** Waits for the schedule, then makes the call. A dead one waits for ever. */
  call<T>(gate: Pick<Gate, 'label' | 'kind'> & { wakeAtMs?: number; perform: Gate['perform'] }): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    begun += 1;
    if (!this.#isDead) this.gates.push({ wakeAtMs: 0, ...gate, order: begun, actor: this, resolve, reject });
    // Whoever calls knows what the outside answers to it.
    return promise as Promise<T>;
  }

  /** Lets a call be made and answered. */
  go(gate: Gate, how: 'newest' | 'stale' = 'newest'): void {
    this.#leave(gate);
    try {
      gate.resolve(gate.perform(how));
    } catch (error) {
      gate.reject(error);
    }
  }

  /** The call fails, before it had its effect or after. */
  fail(gate: Gate, error: Error, after: boolean): void {
    this.#leave(gate);
    if (after) quietly(gate);
    gate.reject(error);
  }

  /** The process is gone, before a call or right after it. */
  die(after?: Gate): void {
    if (after !== undefined) quietly(after);
    this.#isDead = true;
    this.gates.length = 0;
    this.end({ kind: 'died' });
  }

  end(ending: Ending): void {
    const ended = this.#ended;
    this.#ended = undefined;
    ended?.(ending);
  }

  /** Whoever waited for it does not wait any more; the process itself goes on. */
  abandon(): void {
    this.end({ kind: 'died' });
  }

  #leave(gate: Gate): void {
    this.gates.splice(this.gates.indexOf(gate), 1);
  }
}

function quietly(gate: Gate): void {
  try {
    gate.perform('newest');
  } catch {
    // Nobody is there any more to hear of it.
  }
}

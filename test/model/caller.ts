/** A caller of the API: sends one request after the other, and sends one again whose answer it did not get. */
import { Problem } from '#contract/problems.ts';
import { requestVerb } from '#functions/operations/request-verb.ts';
import type { RequestedVerb, VerbAnswer } from '#functions/operations/request-verb.ts';
import type { Ending } from './actor.ts';
import type { Asked } from './requests.ts';
import type { World } from './world.ts';

/** Begin of the descriptions of operations that callers ask for; their keys follow. */
export const REQUEST = 'key ';

// As many as a client would try before it gives the question to a person.
const TRIES = 4;

export class Caller {
  readonly name: string;
  readonly #world: World;
  readonly #script: ((world: World) => Asked)[];
  #asked: Asked | undefined;
  #sent = 0;
  #tries = 0;
  #isWaiting = false;
  /** Requests that a problem answered. */
  refused = 0;
  accepted = 0;

  constructor(world: World, name: string, script: readonly ((world: World) => Asked)[]) {
    this.#world = world;
    this.name = name;
    this.#script = [...script];
  }

  get canSend(): boolean {
    return !this.#isWaiting && this.#script.length > 0;
  }

  /** It waits a while before it asks again. */
  get isRetrying(): boolean {
    return this.#tries > 0;
  }

  get isDone(): boolean {
    return !this.#isWaiting && this.#script.length === 0;
  }

  send(): void {
    const [choose] = this.#script;
    if (choose === undefined) return;
    // Sent again, it is the same request, whatever the caller would ask by now.
    this.#asked ??= choose(this.#world);
    const asked = this.#asked;
    this.#isWaiting = true;
    const key = `${this.name}-${this.#sent}`;
    const request: RequestedVerb = {
      namespace: 'default',
      deployment: 'clicks',
      actor: `user:${this.name}`,
      idempotencyKey: key,
      acceptStateLoss: true,
      // By which the judge knows whose operation it is, also where the caller never hears of it.
      description: `${REQUEST}${key}`,
      ...asked,
    };
    this.#world.spawn(
      `${this.name} asks ${asked.verb}`,
      (platform) => requestVerb(platform, request),
      (ending) => this.#answered(key, ending),
    );
  }

  #answered(key: string, ending: Ending): void {
    this.#isWaiting = false;
    if (ending.kind === 'answered') {
      const answer = ending.value as VerbAnswer; // what requestVerb answers
      if (answer.kind === 'operation') this.#world.judge.told(key, answer.operation.id);
      this.accepted += 1;
      return this.#next();
    }
    if (ending.kind === 'threw' && ending.error instanceof Problem) {
      this.refused += 1;
      return this.#next();
    }
    this.#tries += 1;
    if (this.#tries === TRIES) this.#next();
  }

  #next(): void {
    this.#script.shift();
    this.#asked = undefined;
    this.#sent += 1;
    this.#tries = 0;
  }
}

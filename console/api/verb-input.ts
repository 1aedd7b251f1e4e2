/** What a dialog sends to the platform. */
import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import type { ForkInput } from '#contract/resources/verb-input.ts';
import type { Verb } from '#contract/verbs.ts';

/** What can be asked of a deployment: the verbs, and the upgrade of another deployment to what runs here. */
export type Act = Verb | 'promote';

/** What a dialog may fill in; each verb takes its own part. */
export interface VerbInput {
  /** Kept with a savepoint that the verb takes. */
  readonly description?: string;
  /** Kept with the operation and the revision. */
  readonly reason?: string;
  readonly restoreStrategy?: RestoreStrategy;
  readonly startAt?: string;
  readonly version?: number;
  /** Merge patch of the spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly gate?: { readonly timeout?: string; readonly healthyFor?: string };
  /** Number of the revision to return to. */
  readonly revision?: number;
  readonly savepointId?: string;
  readonly parallelism?: number;
  readonly target?: string;
  /** Name of the deployment that is promoted. */
  readonly promoteTo?: string;
  readonly fork?: ForkFields;
  readonly deletion?: { readonly savepoints?: 'keep' | 'delete'; readonly purge?: boolean };
}

/** What only a fork has. */
export interface ForkFields {
  readonly name?: string;
  readonly namespace?: string;
  readonly empty?: boolean;
  readonly sinks?: ForkInput['sinks'];
  readonly expiresAt?: string;
}

/** Whether all is filled in that the verb cannot do without; before that, there is no plan to ask for. */
export function isComplete(act: Act, input: VerbInput): boolean {
  switch (act) {
    case 'fork':
      return /^[a-z]/.test(input.fork?.name ?? '');
    case 'promote':
      return input.promoteTo !== undefined;
    case 'migrate':
      return input.target !== undefined;
    case 'rescale':
      return input.parallelism !== undefined && input.parallelism >= 1;
    case 'reset':
      return input.savepointId !== undefined;
    case 'upgrade':
      return input.version !== undefined || input.spec !== undefined;
    default:
      return true;
  }
}

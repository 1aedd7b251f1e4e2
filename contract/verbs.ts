/**
 * The verbs of a deployment and the statuses in which each is legal.
 *
 * API, workflows, CLI and console ask this one table: a button is enabled, a request refused and a help text
 * written by the same row.
 */
import * as z from 'zod';
import type { DeploymentState } from './resources/deployment-state.ts';

export const Verb = z
  .enum([
    'start',
    'suspend',
    'drain',
    'cancel',
    'savepoint',
    'upgrade',
    'rollback',
    'restart',
    'reset',
    'rescale',
    'migrate',
    'fork',
    'delete',
  ])
  .meta({ id: 'Verb' });
export type Verb = z.infer<typeof Verb>;

interface VerbRule {
  readonly legalIn: readonly DeploymentState[];
  /** What it does, as a sentence for help and dialogs. */
  readonly summary: string;
  readonly losesState: boolean;
}

const atRest = ['suspended', 'cancelled', 'failed', 'finished'] as const;

export const verbs: Readonly<Record<Verb, VerbRule>> = {
  start: {
    legalIn: atRest,
    summary: 'Begin a job from the state that the restore strategy names.',
    losesState: false,
  },
  suspend: {
    legalIn: ['running'],
    summary: 'Take a savepoint, then end the job; a start goes on exactly there.',
    losesState: false,
  },
  drain: {
    legalIn: ['running'],
    summary: 'Let all windows and timers fire, then end the job as finished.',
    losesState: false,
  },
  cancel: {
    legalIn: ['running', 'suspended', 'failed', 'finished'],
    summary: 'End the job without a savepoint; state since the last savepoint or checkpoint is given up.',
    losesState: true,
  },
  savepoint: {
    legalIn: ['running'],
    summary: 'Take a savepoint while the stream flows on.',
    losesState: false,
  },
  upgrade: {
    legalIn: ['running', 'failed', 'finished'],
    summary:
      'Go on with another version or configuration, from the same state, and back again if it does not work.',
    losesState: false,
  },
  rollback: {
    legalIn: ['running', 'failed', 'finished'],
    summary: 'Return to an earlier revision of the spec, with the savepoint that fits it.',
    losesState: true,
  },
  restart: {
    legalIn: ['running', 'failed'],
    summary: 'Begin a new job of what the spec says now, from the state of this moment.',
    losesState: false,
  },
  reset: {
    legalIn: ['running', 'suspended', 'cancelled', 'failed', 'finished'],
    summary: 'Begin a new job from a savepoint of the past.',
    losesState: true,
  },
  rescale: {
    legalIn: ['running'],
    summary: 'Give the running job another parallelism; it goes on with all of its state.',
    losesState: false,
  },
  migrate: {
    legalIn: ['running', 'failed'],
    summary: 'Go on with the same state on another deployment target.',
    losesState: false,
  },
  fork: {
    legalIn: ['running', 'suspended', 'cancelled', 'failed', 'finished'],
    summary: 'Make a new deployment from the state of this one, which goes on untouched.',
    losesState: false,
  },
  delete: {
    legalIn: atRest,
    summary: 'Remove the deployment; for a while that can be undone.',
    losesState: true,
  },
};

/** Verbs that may be asked of a deployment in this state while no operation is under way. */
export function allowedVerbs(state: DeploymentState): Verb[] {
  return Verb.options.filter((verb) => verbs[verb].legalIn.includes(state));
}

/** Why a verb is refused now, as a sentence; undefined when it is allowed. */
export function refusal(verb: Verb, state: DeploymentState): string | undefined {
  if (verbs[verb].legalIn.includes(state)) return undefined;
  const allowed = allowedVerbs(state);
  const advice =
    allowed.length > 0 ? `allowed now: ${allowed.join(', ')}` : 'wait until the running operation ends';
  return `Cannot ${verb}: the deployment is ${state}; ${advice}`;
}

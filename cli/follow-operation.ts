/** What a verb does after its operation was accepted: print it, or wait for its end and print each step once. */
import { setTimeout as delay } from 'node:timers/promises';
import { Duration, durationMs } from '#contract/duration.ts';
import { Problem } from '#contract/problems.ts';
import type { Operation, Plan } from '#contract/resources/operation.ts';
import type { Flag, Invocation, Result } from './command.ts';
import { CliError, exitCode } from './exit-code.ts';
import { span } from './output/text.ts';
import type { View } from './output/view.ts';

/** Flags of every verb. */
export const verbFlags: Readonly<Record<string, Flag>> = {
  wait: { type: 'boolean', short: 'w', about: 'return when the operation has ended' },
  timeout: { type: 'string', about: 'how long to wait, such as "5 minutes" (30 minutes if not given)' },
  queue: { type: 'boolean', about: 'wait for the operation under way instead of being refused' },
  'dry-run': { type: 'boolean', about: 'print the plan, change nothing, exit 8' },
  'idempotency-key': { type: 'string', about: 'the same key gives the same operation' },
};

const POLL_SECONDS = 5;

export function isPlan(answer: Operation | Plan): answer is Plan {
  return !('id' in answer);
}

/** Headers and query of a verb's call, from the flags. Refuses a bad timeout now, before anything is asked for. */
export function verbCall(invocation: Invocation) {
  timeoutMs(invocation);
  const key = invocation.flags['idempotency-key'];
  return {
    query: {
      dryRun: invocation.flags['dry-run'] === true ? ('true' as const) : ('false' as const),
      ...(invocation.flags['queue'] === true ? { whenBusy: 'queue' as const } : {}),
    },
    idempotencyKey: typeof key === 'string' ? key : crypto.randomUUID(),
  };
}

export async function followVerb(invocation: Invocation, answer: Operation | Plan): Promise<Result> {
  if (isPlan(answer)) {
    // Without steps nothing has to be done: it is there already.
    const exit = answer.steps.length === 0 ? exitCode.ok : exitCode.wouldChange;
    return { body: answer, view: planView(answer), exit };
  }
  if (invocation.flags['wait'] !== true) {
    invocation.say(`Accepted; follow it with: ${waitCommand(answer)}`);
    return { body: answer, view: operationView(answer) };
  }
  const ended = await waitForOperation(invocation, answer);
  return { body: ended, view: operationView(ended) };
}

export async function waitForOperation(invocation: Invocation, accepted: Operation): Promise<Operation> {
  const deadline = Date.now() + timeoutMs(invocation);
  const printed = new Set<string>();
  const client = await invocation.client();
  process.once('SIGINT', () => {
    console.error(`\nDetached; the operation goes on: ${waitCommand(accepted)}`);
    process.exit(exitCode.interrupted);
  });
  for (let operation = accepted; ;) {
    sayNewSteps(invocation, operation, printed);
    if (operation.state === 'succeeded') return operation;
    if (operation.state === 'failed' || operation.state === 'cancelled')
      throw await afterFollowing(invocation, operation);
    if (Date.now() > deadline) {
      throw new CliError(
        exitCode.timedOut,
        `Operation ${operation.id} is still ${operation.state}: wait on with ${waitCommand(operation)}`,
      );
    }
    await delay(200);
    operation = await client.get('getOperation', {
      // Its own namespace: the operation of a fork belongs to where the fork goes.
      params: { namespace: operation.namespace, operation: operation.id },
      // A short hold: each answer may carry a step that people want to see at once.
      query: { wait: printed.size === operation.steps.length ? POLL_SECONDS : 0 },
    });
  }
}

/** The line that follows it from the same terminal. */
export function waitCommand({ id, namespace }: Pick<Operation, 'id' | 'namespace'>): string {
  const assumed = process.env['HEADWATER_NAMESPACE'] ?? 'default';
  return `headwater operation wait ${id}${namespace === assumed ? '' : ` -n ${namespace}`}`;
}

/** What went wrong; where another operation was begun to undo it, after that one has ended too. */
async function afterFollowing(invocation: Invocation, operation: Operation): Promise<Error> {
  const failure = failureOf(operation);
  if (operation.followedBy === null) return failure;
  const next = await (
    await invocation.client()
  ).get('getOperation', {
    params: { namespace: operation.namespace, operation: operation.followedBy },
  });
  invocation.say(`It failed, and ${next.kind} ${next.id} follows: ${failure.message}`);
  try {
    await waitForOperation(invocation, next);
  } catch (cause) {
    return cause instanceof Error ? cause : failure;
  }
  const undone = `${failure.message.replace(/\.?$/, '.')} The deployment is back where it was, by ${next.kind} ${next.id}.`;
  return new CliError(exitCode.failed, undone, { cause: failure });
}

function timeoutMs({ flags }: Invocation): number {
  const timeout = flags['timeout'];
  if (typeof timeout !== 'string') return durationMs('30 minutes');
  if (Duration.safeParse(timeout).success) return durationMs(timeout);
  throw new CliError(
    exitCode.usage,
    `Cannot use --timeout ${timeout}: it must be a duration such as "30 seconds" or "5 minutes"`,
  );
}

function sayNewSteps(invocation: Invocation, operation: Operation, printed: Set<string>): void {
  for (const step of operation.steps) {
    if (printed.has(step.name) || (step.state !== 'succeeded' && step.state !== 'failed')) continue;
    printed.add(step.name);
    const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
    const took =
      step.startedAt && step.endedAt ? span(Date.parse(step.endedAt) - Date.parse(step.startedAt)) : '';
    invocation.say(`${step.state === 'failed' ? '✗' : '✓'} ${step.title} (${took}${tries})`);
  }
}

function failureOf(operation: Operation): Error {
  const { problem } = operation;
  if (operation.state === 'cancelled')
    return new CliError(exitCode.failed, `Operation ${operation.id} was cancelled`);
  if (problem === null)
    return new CliError(exitCode.failed, `Operation ${operation.id} failed without a cause`);
  return new Problem(problem.code, problem.detail);
}

export function operationView(operation: Operation): View {
  return {
    kind: 'record',
    fields: [
      ['Operation', operation.id],
      ['Kind', operation.kind],
      ['Deployment', operation.deployment],
      ['State', operation.state],
      ['Actor', operation.actor],
      ['Created', operation.createdAt],
      ['Ended', operation.endedAt ?? '-'],
      ...(operation.savepointId ? [['Savepoint', operation.savepointId] as const] : []),
      ...(operation.jobId ? [['Job', operation.jobId] as const] : []),
      ...(operation.pauseMs === null ? [] : [['Pause', span(operation.pauseMs)] as const]),
      ...operation.steps.map((step) => [`  ${step.title}`, stepText(step)] as const),
      ...(operation.problem ? [['Problem', operation.problem.detail] as const] : []),
      ...(operation.followedBy ? [['Followed by', operation.followedBy] as const] : []),
    ],
  };
}

function stepText(step: Operation['steps'][number]): string {
  const took =
    step.startedAt && step.endedAt
      ? ` in ${span(Date.parse(step.endedAt) - Date.parse(step.startedAt))}`
      : '';
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  return `${step.state}${took}${tries}${step.message ? `: ${step.message}` : ''}`;
}

function planView(plan: Plan): View {
  const restore =
    plan.restore === null
      ? []
      : [
          [
            'Restore from',
            plan.restore.kind === 'none' ? 'empty state' : `${plan.restore.kind} ${plan.restore.location}`,
          ] as const,
        ];
  return {
    kind: 'record',
    fields: [
      ['Would', `${plan.kind} ${plan.deployment}`],
      ...restore,
      ...plan.steps.map((step, index) => [`Step ${index + 1}`, step.title] as const),
      ...plan.changes.map((change) => ['Changes', changeText(change)] as const),
      ...(plan.verdict === null ? [] : [['State', verdictText(plan.verdict)] as const]),
      ...(plan.expectedPauseMs === null ? [] : [['Expected pause', span(plan.expectedPauseMs)] as const]),
      ...plan.losses.map((loss) => ['Loses', loss] as const),
      ...plan.warnings.map((warning) => ['Warning', warning] as const),
    ],
  };
}

function changeText({ pointer, before, after }: Plan['changes'][number]): string {
  const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${pointer}: ${text(before)} → ${text(after)}`;
}

function verdictText({ compatibility, states }: NonNullable<Plan['verdict']>): string {
  const different = states.filter((state) => state.compatibility !== 'compatible');
  const parts = different.map(
    ({ operator, state, reason }) => `${operator}${state ? `/${state}` : ''}: ${reason}`,
  );
  return [compatibility, ...parts].join('; ');
}

import { describe, expect, test } from 'vitest';
import type { Problem } from '#contract/problems.ts';
import { DeploymentState } from '#contract/resources/deployment-state.ts';
import { allowedVerbs, Verb } from '#contract/verbs.ts';
import { workflows } from '#contract/workflows.ts';
import { deploymentIn, id, savepointAt } from './control.fixture.ts';
import { decideOperation } from './decide-operation.ts';

const nothing = { savepoints: [], checkpoint: undefined };
const checkpoint = { id: 3, location: 's3://bucket/chk-3', atMs: Date.parse('2026-11-21T12:00:00.000Z') };

describe('every verb in every state', () => {
  const all = Verb.options.flatMap((verb) => DeploymentState.options.map((state) => ({ verb, state })));

  test.each(all)(
    '$verb of a deployment that is $state is accepted or refused by the table',
    ({ verb, state }) => {
      const decided = decideOperation({ verb }, { deployment: deploymentIn(state), candidates: nothing });
      if (allowedVerbs(state).includes(verb)) {
        expect(decided).toMatchObject({ kind: verb, deployment: 'clicks' });
        expect((decided as { steps: unknown[] }).steps).toHaveLength(workflows[verb].length);
        return;
      }
      expect(decided).toMatchObject({ code: 'verb-not-allowed', details: { allowed: allowedVerbs(state) } });
    },
  );

  test.each(all)('$verb is refused while an operation is under way in state $state', ({ verb, state }) => {
    const deployment = deploymentIn(state, {}, id('5'));
    const active = { id: id('5'), kind: 'suspend', actor: 'user:ann', createdAt: 'noon' } as const;
    const decided = decideOperation({ verb }, { deployment, active, candidates: nothing });
    expect(decided).toMatchObject({ code: 'operation-in-progress', details: { operationId: id('5') } });
    expect((decided as Problem).message).toBe(
      `Cannot ${verb} deployment "clicks": its suspend (operation ${id('5')}, begun by user:ann at noon) is under way; wait until it ends, or ask with whenBusy=queue`,
    );
  });
});

describe('start', () => {
  const start = (request: object, candidates: object = nothing, spec: object = {}) =>
    decideOperation(
      { verb: 'start', ...request },
      { deployment: deploymentIn('suspended', { ...spec }), candidates: { ...nothing, ...candidates } },
    );

  test('the plan names the state that the job begins from', () => {
    expect(start({}, { checkpoint })).toMatchObject({ restore: { kind: 'checkpoint', checkpointId: 3 } });
    expect(start({})).toMatchObject({ restore: { kind: 'none' }, warnings: [] });
  });

  test('the strategy of the request comes before that of the spec', () => {
    const spec = { restoreStrategy: { kind: 'latest-savepoint' } };
    expect(start({}, {}, spec)).toMatchObject({ code: 'no-state-to-restore' });
    expect(start({ restoreStrategy: { kind: 'none' } }, {}, spec)).toMatchObject({
      restore: { kind: 'none' },
    });
  });

  test('an empty start although there is state warns', () => {
    const savepoints = [savepointAt('2', '2026-11-21T12:00:00.000Z')];
    const plan = start({ restoreStrategy: { kind: 'none' } }, { savepoints });
    expect(plan).toMatchObject({ warnings: [expect.stringContaining('starts empty')] });
  });
});

describe('cancel', () => {
  const cancel = (
    state: DeploymentState,
    isProtected: boolean,
    request: object = {},
    candidates: object = {},
  ) =>
    decideOperation(
      { verb: 'cancel', ...request },
      {
        deployment: deploymentIn(state, { protected: isProtected }),
        candidates: { ...nothing, ...candidates },
      },
    );

  test('the plan says what is given up', () => {
    expect(cancel('running', false)).toMatchObject({
      losses: [expect.stringContaining('All state')],
    });
    expect(cancel('running', false, {}, { checkpoint })).toMatchObject({
      losses: [expect.stringContaining('checkpoint 3 of 2026-11-21T12:00:00.000Z')],
    });
  });

  test('a protected deployment that runs needs the acceptance in so many words', () => {
    expect(cancel('running', true)).toMatchObject({ code: 'state-loss-not-accepted' });
    expect(cancel('running', true, { acceptStateLoss: true })).toMatchObject({ kind: 'cancel' });
  });

  test.each(['suspended', 'failed', 'finished'] as const)('nothing is lost of one that is %s', (state) => {
    expect(cancel(state, true)).toMatchObject({ kind: 'cancel', losses: [] });
  });
});

test('warnings of the situation stand in the plan', () => {
  const situation = {
    deployment: deploymentIn('running'),
    candidates: nothing,
    warnings: ['The spec waits.'],
  };
  expect(decideOperation({ verb: 'savepoint' }, situation)).toMatchObject({ warnings: ['The spec waits.'] });
});

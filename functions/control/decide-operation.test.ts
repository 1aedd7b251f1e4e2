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
      // Only a rollback must have something to go back to.
      const candidates = { ...nothing, savepoints: [savepointAt('2', '2026-11-21T12:00:00.000Z')] };
      const decided = decideOperation({ verb }, { deployment: deploymentIn(state), candidates });
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

describe('verbs that put a new job in the place of another', () => {
  const replacing = ['upgrade', 'rollback', 'restart', 'reset', 'migrate'] as const;
  const job = (spec = deploymentIn('running').spec) => ({
    number: 3,
    spec: { ...spec, version: 1 },
    specRevision: 1,
    restoredFrom: { kind: 'none' as const },
    state: 'running' as const,
  });
  const savepoints = [savepointAt('2', '2026-11-21T12:00:00.000Z')];
  const nowMs = Date.parse('2026-11-21T13:00:00.000Z');

  function decide(
    verb: (typeof replacing)[number],
    state: DeploymentState,
    spec: Record<string, unknown> = {},
    more: { request?: object; candidates?: object; situation?: object } = {},
  ) {
    return decideOperation(
      { verb, ...more.request },
      {
        deployment: deploymentIn(state, { version: 2, ...spec }),
        candidates: { ...nothing, ...more.candidates },
        job: job(),
        nowMs,
        ...more.situation,
      },
    );
  }

  test.each(['upgrade', 'restart', 'migrate'] as const)(
    '%s is refused when the state of the running job has another number of key groups',
    (verb) => {
      const refused = decide(verb, 'running', { maxParallelism: 64 }) as Problem;
      expect(refused.code).toBe('state-incompatible');
      expect(refused.message).toContain('the state of job 3 has max parallelism 128, the spec has 64');
    },
  );

  test('an upgrade that begins empty may have another number of key groups', () => {
    const spec = { maxParallelism: 64, upgradeStrategy: { kind: 'stateless' } };
    const accepted = { request: { acceptStateLoss: true } };
    expect(decide('upgrade', 'running', spec, accepted)).toMatchObject({ kind: 'upgrade' });
  });

  test('an upgrade of a running job takes a savepoint and loses nothing', () => {
    expect(decide('upgrade', 'running', {}, { candidates: { checkpoint } })).toMatchObject({
      restore: null,
      losses: [],
      changes: [{ pointer: '/version', before: 1, after: 2 }],
    });
  });

  test.each([
    [{ restoreStrategy: { kind: 'none' } }, /begins empty \(restoreStrategy none\)/],
    [{ upgradeStrategy: { kind: 'stateless' } }, /begins empty \(upgradeStrategy stateless\)/],
    [{ restoreStrategy: { kind: 'savepoint', savepointId: id('2') } }, /since the state of .* is given up/],
  ])('an upgrade with %j asks for the acceptance of the loss', (spec, loss) => {
    const refused = decide('upgrade', 'running', spec, { candidates: { savepoints } }) as Problem;
    expect(refused.code).toBe('state-loss-not-accepted');
    expect(refused.message).toMatch(loss);
    const accepted = { request: { acceptStateLoss: true }, candidates: { savepoints } };
    expect(decide('upgrade', 'running', spec, accepted)).toMatchObject({
      losses: [expect.stringMatching(loss)],
    });
  });

  test('an upgrade from failed asks when its newest state is too old to be caught up with', () => {
    expect(decide('upgrade', 'failed', {}, { candidates: { savepoints } })).toMatchObject({ losses: [] });
    const late = { candidates: { savepoints }, situation: { nowMs: nowMs + 86_400_000 } };
    expect(decide('upgrade', 'failed', {}, late)).toMatchObject({ code: 'state-loss-not-accepted' });
  });

  test('an upgrade from failed that finds nothing of its state asks; one that never had any does not', () => {
    expect(decide('upgrade', 'failed')).toMatchObject({ restore: { kind: 'none' }, losses: [] });
    const restoredFrom = { kind: 'savepoint', savepointId: id('9'), location: 's3://gone' };
    const gone = { situation: { job: { ...job(), restoredFrom } } };
    expect(decide('upgrade', 'failed', {}, gone)).toMatchObject({ code: 'state-loss-not-accepted' });
  });

  test.each(['running', 'suspended', 'failed'] as const)(
    'a reset of one that is %s to an old savepoint asks only where it is protected',
    (state) => {
      const restoreStrategy = { kind: 'savepoint', savepointId: id('2') };
      const newer = [...savepoints, savepointAt('3', '2026-11-21T12:30:00.000Z')];
      const more = { request: { restoreStrategy }, candidates: { savepoints: newer } };
      expect(decide('reset', state, {}, more)).toMatchObject({
        losses: [expect.stringContaining('given up')],
      });
      expect(decide('reset', state, { protected: true }, more)).toMatchObject({
        code: 'state-loss-not-accepted',
      });
    },
  );

  test('a rollback without a savepoint that fits is refused with what can be done', () => {
    expect(decide('rollback', 'running')).toMatchObject({ code: 'no-state-to-restore' });
    expect(decide('rollback', 'running', { version: 1 }, { candidates: { savepoints } })).toMatchObject({
      restore: { kind: 'savepoint', savepointId: id('2') },
    });
  });

  test('a restart of a failed deployment begins where its restore strategy says', () => {
    expect(decide('restart', 'failed', { version: 1 }, { candidates: { checkpoint } })).toMatchObject({
      restore: { kind: 'checkpoint' },
    });
    expect(decide('restart', 'running', { version: 1 })).toMatchObject({ restore: null, changes: [] });
  });

  test('an upgrade to what runs already has no steps, unless it changes what is stated', () => {
    expect(decide('upgrade', 'running', { version: 1 })).toMatchObject({ steps: [] });
    const restated = { situation: { isRestated: true } };
    expect(decide('upgrade', 'running', { version: 1 }, restated)).not.toMatchObject({ steps: [] });
    expect(decide('upgrade', 'failed', { version: 1 })).not.toMatchObject({ steps: [] });
  });

  test('a gate that nothing can pass is refused with its field', () => {
    const gate = {
      timeout: '5 seconds',
      healthyFor: '5 seconds',
      checkpoint: true,
      maxRestarts: 0,
      conditions: [],
    };
    expect(decide('upgrade', 'running', {}, { request: { gate } })).toMatchObject({
      code: 'invalid-request',
      details: { errors: [{ pointer: '/gate/healthyFor' }] },
    });
  });

  test('the plan expects the median of the pauses that were measured', () => {
    const situation = { pausesMs: [900, 100, 300] };
    expect(decide('upgrade', 'running', {}, { situation })).toMatchObject({ expectedPauseMs: 300 });
    expect(decide('upgrade', 'running')).toMatchObject({ expectedPauseMs: null });
  });

  test('nobody can compare versions that are gone, and the plan says so', () => {
    const situation = { graphs: new Map() };
    expect(decide('upgrade', 'running', {}, { situation })).toMatchObject({
      verdict: { compatibility: 'unknown' },
      warnings: [expect.stringContaining('Nobody can say')],
    });
  });
});

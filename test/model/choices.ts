/** What may happen next in a world: the first choice is what happens when nothing goes wrong. */
import { RetryableError } from '#functions/steps/retryable-error.ts';
import { sweep } from '#functions/events/sweep.ts';
import { taskChanged } from '#functions/events/task-changed.ts';
import type { Gate } from './actor.ts';
import type { Caller } from './caller.ts';
import { refusedWrite } from './memory-bucket.ts';
import type { Worker } from './worker.ts';
import type { TaskEvent, World } from './world.ts';

export interface Choice {
  readonly label: string;
  /** How likely it is beside the others, where chance decides. */
  readonly weight: number;
  readonly fault: FaultPlace | undefined;
  act(): void;
}

/** Tries of the bus to hand over an event. */
const EVENT_TRIES = 3;
const SWEEP = 'sweep';

/** What goes wrong by its place, so that chance takes none of them too seldom. */
export type FaultPlace = 'call' | 'worker' | 'execution' | 'bus' | 'clock';

/** In the order in which they are taken when all goes well; faults come last. */
export function choicesOf(world: World, callers: readonly Caller[]): Choice[] {
  const gates = world.actors.flatMap(({ gates: open }) => open);
  const calls = gates.filter(({ kind }) => kind !== 'pause').sort((a, b) => a.order - b.order);
  const regular = [
    ...callers
      .filter((one) => one.canSend && !one.isRetrying)
      .map((one) => ok(one.name, 6, () => one.send())),
    ...calls.map((gate) => ok(`${gate.actor.name} ${gate.label}`, 20, () => gate.actor.go(gate))),
    ...executionChoices(world),
    ...[...world.workers.values()].flatMap((worker) => progressOf(worker)),
    ...world.events.map((event) => ok(`the bus tells of ${event.arn}`, 4, () => deliver(world, event))),
    ...timeChoices(world, gates),
    ...callers.filter((one) => one.canSend && one.isRetrying).map((one) => ok(one.name, 2, () => one.send())),
  ];
  const rare = [...sweepChoice(world), ...[...world.workers.values()].flatMap((worker) => workOf(worker))];
  const faults = world.faultsLeft > 0 ? faultsOf(world, calls) : [];
  return [...regular, ...rare, ...faults];
}

function ok(label: string, weight: number, act: () => void): Choice {
  return { label, weight, fault: undefined, act };
}

function executionChoices(world: World): Choice[] {
  return [...world.executions.values()]
    .filter(
      ({ state, running, dueAtMs }) => state === 'running' && running === undefined && dueAtMs <= world.nowMs,
    )
    .map((execution) => ok(`execution runs ${execution.step}`, 10, () => execution.run()));
}

/** What a process does by itself and sooner or later. */
function progressOf(worker: Worker): Choice[] {
  if (worker.status === 'stopped') return [];
  const does = (what: string, weight: number, act: () => void) => ok(`${worker.arn} ${what}`, weight, act);
  if (worker.isStopping) return [does('ends as it was asked', 6, () => worker.terminate())];
  if (worker.isFrozen) return [];
  if (worker.status === 'coming') return [does('boots', 6, () => worker.boot())];
  if (worker.isWaiting) return worker.hasWaitedTooLong ? [does('gives up', 2, () => worker.exit(0))] : [];
  if (worker.jobState !== 'RUNNING') return [does('leaves', 2, () => worker.exit(0))];
  const savepoints = [...worker.triggers].filter(([, { state }]) => state === 'in-progress');
  const first = worker.checkpoints === 0 ? [does('commits', 4, () => worker.commit())] : [];
  return [
    ...first,
    ...savepoints.map(([id]) => does('completes a savepoint', 4, () => worker.completeSavepoint(id))),
  ];
}

/** What a process may do at any time, without end. */
function workOf(worker: Worker): Choice[] {
  if (!worker.isLive || worker.isFrozen || worker.checkpoints === 0) return [];
  return [ok(`${worker.arn} commits`, 0.5, () => worker.commit())];
}

function deliver(world: World, event: TaskEvent): void {
  world.events = world.events.filter((one) => one !== event);
  world.spawn(
    `task-changed of ${event.arn}`,
    (platform) => taskChanged(platform, { detail: event.detail }),
    ({ kind }) => {
      event.tries += 1;
      if (kind !== 'answered' && event.tries < EVENT_TRIES) world.events.push(event);
    },
  );
}

/** The clock goes on to whatever waits for it, whichever is first. */
function timeChoices(world: World, gates: readonly Gate[]): Choice[] {
  const pauses = gates
    .filter(({ kind }) => kind === 'pause')
    .map((gate) => ({
      atMs: gate.wakeAtMs,
      choice: ok(`${gate.actor.name} has waited`, 1, () => {
        // Most waits are for the world, which needs no time of its own: few looks are enough.
        world.advanceTo(Math.max(gate.wakeAtMs, world.nowMs + 6000));
        if (gate.actor.gates.includes(gate)) gate.actor.go(gate);
      }),
    }));
  const retries = [...world.executions.values()]
    .filter(
      ({ state, running, dueAtMs }) => state === 'running' && running === undefined && dueAtMs > world.nowMs,
    )
    .map(({ dueAtMs }) => ({
      atMs: dueAtMs,
      choice: ok('a retry is due', 3, () => world.advanceTo(dueAtMs)),
    }));
  return [...pauses, ...retries].sort((a, b) => a.atMs - b.atMs).map(({ choice }) => choice);
}

function sweepChoice(world: World): Choice[] {
  const isUnderWay = world.actors.some(({ name }) => name === SWEEP);
  return isUnderWay ? [] : [ok('a sweep begins', 0.15, () => beginSweep(world))];
}

/** As the schedule does every minute. */
export function beginSweep(world: World): void {
  world.spawn(SWEEP, sweep, () => {});
}

/** What goes wrong, once for each of `faultsLeft`. */
function faultsOf(world: World, calls: readonly Gate[]): Choice[] {
  const at =
    (place: FaultPlace): MakeFault =>
    (label, act) => ({
      label: `FAULT: ${label}`,
      weight: 1,
      fault: place,
      act: () => {
        world.faultsLeft -= 1;
        act();
      },
    });
  return [
    ...calls.flatMap((gate) => callFaults(gate, at('call'), world)),
    ...[...world.workers.values()].flatMap((worker) => workerFaults(worker, at('worker'))),
    ...executionFaults(world, at('execution')),
    ...world.events.map((event) =>
      at('bus')(`the event of ${event.arn} is lost`, () => {
        world.events = world.events.filter((one) => one !== event);
      }),
    ),
    ...[40_000, 700_000, 2_000_000].map((ms) =>
      at('clock')(`${ms / 1000} s pass`, () => world.advanceTo(world.nowMs + ms)),
    ),
  ];
}

type MakeFault = (label: string, act: () => void) => Choice;

function callFaults(gate: Gate, fault: MakeFault, world: World): Choice[] {
  const { actor, kind } = gate;
  const named = (what: string) => `${actor.name} ${what}: ${gate.label}`;
  const dies = fault(named('dies before'), () => world.kill(actor));
  const fails = fault(named('is throttled'), () => actor.fail(gate, throttled(), false));
  if (kind === 'read') return [dies, fails];
  if (kind === 'stale-read')
    return [dies, fails, fault(named('reads what was'), () => actor.go(gate, 'stale'))];
  const after = [
    dies,
    fault(named('dies after'), () => world.kill(actor, gate)),
    fault(named('loses the answer'), () => actor.fail(gate, throttled(), true)),
  ];
  if (kind === 'swap')
    after.push(fault(named('is refused by itself'), () => actor.fail(gate, refusedWrite(), true)));
  return gate.label === 'answers' ? after.slice(0, 1) : [...after, fails];
}

/** An error of the kind that goes away by itself. */
function throttled(): Error {
  return new RetryableError('ThrottlingException: slow down');
}

function workerFaults(worker: Worker, fault: MakeFault): Choice[] {
  if (worker.status === 'stopped') return [];
  const named = (what: string, act: () => void) => fault(`${worker.arn} ${what}`, act);
  const dies = named('is killed', () => worker.exit(137));
  if (worker.status === 'coming') return [dies, named('refuses', () => worker.exit(78))];
  if (worker.isFrozen) return [dies, named('thaws', () => void (worker.isFrozen = false))];
  const running =
    worker.jobState === 'RUNNING'
      ? [
          named('fails for good', () => worker.fail('a fault in the program')),
          named('has read all', () => worker.end('FINISHED')),
        ]
      : [];
  const savepoints = [...worker.triggers].filter(([, { state }]) => state === 'in-progress');
  return [
    dies,
    named('freezes', () => void (worker.isFrozen = true)),
    ...running,
    ...savepoints.map(([id]) => named('fails a savepoint', () => worker.failSavepoint(id))),
  ];
}

function executionFaults(world: World, fault: MakeFault): Choice[] {
  return [...world.executions.values()]
    .filter(({ state }) => state === 'running')
    .flatMap((execution) => {
      const { running } = execution;
      const aborted = fault('the execution is aborted', () => execution.abort());
      if (running === undefined) return [aborted];
      return [
        aborted,
        fault(`${running.name} runs twice`, () => execution.run(true)),
        fault(`${running.name} is given up and goes on`, () => running.abandon()),
      ];
    });
}

import { describe, expect, it } from 'vitest';
import { heartMemory, heartOf, pulseOf } from './heart.ts';
import type { WatchdogOptions } from './job-options.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type BlockedSlot, Watchdog } from './watchdog.ts';

function watch(options: WatchdogOptions, slots = 2) {
  const host = new SimulatedHost({ seed: 1 });
  const memory = heartMemory(slots);
  const [blocked, dead]: [BlockedSlot[], BlockedSlot[]] = [[], []];
  const watchdog = new Watchdog({
    host,
    options,
    pulses: Array.from({ length: slots }, (_, slot) => () => pulseOf(memory, slot)),
    blocked: (slot) => blocked.push(slot),
    dead: (slot) => dead.push(slot),
  });
  const hearts = Array.from({ length: slots }, (_, slot) => heartOf(memory, slot));
  return { host, watchdog, blocked, dead, hearts };
}

describe('Watchdog', () => {
  it('tells once who is at work when a slot does not return for ten seconds', async () => {
    const { host, blocked, dead, hearts } = watch({});
    hearts[1]?.begin(3);
    await host.runFor(9000);
    expect(blocked).toEqual([]);
    await host.runFor(6000);
    expect(blocked).toEqual([{ slot: 1, vertex: 3, blockedMs: 10_000 }]);
    expect(dead).toEqual([]);
  });

  it('gives a slot up after a minute', async () => {
    const { host, watchdog, dead, hearts } = watch({});
    hearts[0]?.begin(0);
    await host.runUntil(() => dead.length > 0, 62_000);
    watchdog.close();
    expect(dead).toMatchObject([{ slot: 0, vertex: 0, blockedMs: 60_000 }]);
    await host.runFor(60_000);
    expect(dead).toHaveLength(1);
  });

  it('waits for ever where it is told to', async () => {
    const { host, blocked, dead, hearts } = watch({ restartAfterMs: 0 });
    hearts[0]?.begin(0);
    await host.runFor(600_000);
    expect([blocked.length, dead.length]).toEqual([1, 0]);
  });

  it('is content with a slot that works or rests, however long', async () => {
    const { host, blocked, hearts } = watch({ reportAfterMs: 100, restartAfterMs: 200 });
    for (let turn = 0; turn < 50; turn += 1) {
      hearts[0]?.begin(1);
      await host.runFor(50);
    }
    hearts[0]?.end();
    await host.runFor(10_000);
    expect(blocked).toEqual([]);
  });

  it('tells again of a slot that has worked in between', async () => {
    const { host, blocked, hearts } = watch({ reportAfterMs: 100, restartAfterMs: 0 });
    for (let turn = 0; turn < 2; turn += 1) {
      hearts[0]?.begin(1);
      await host.runFor(500);
    }
    expect(blocked).toHaveLength(2);
  });

  it('does not count the time in which it was frozen itself', async () => {
    const { host, blocked, hearts } = watch({ reportAfterMs: 1000 });
    hearts[0]?.begin(1);
    await host.runFor(300);
    // Nothing of this world runs while its clock is put forward.
    host.schedule(0, () => undefined);
    const clock = host.clock.now();
    Object.assign(host.clock, { now: () => clock + 3_600_000 });
    await host.runFor(300);
    expect(blocked).toEqual([]);
  });
});

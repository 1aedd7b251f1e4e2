/**
 * The lifecycle model. `npm run model -- --schedules N` explores so many random schedules and tells of those that went
 * wrong, `--seconds N` as many as there is time for; `--seed S` alone tells the story of one. `--exhaustive` explores all
 * with one deviation.
 */
import './silence.ts';
import { parseArgs } from 'node:util';
import { alone, exploreFamily, together } from './exhaustive.ts';
import { exploreSeed } from './random.ts';

/** A schedule that broke a rule, as it is told. */
interface Failed {
  readonly schedule: string;
  readonly violations: readonly string[];
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string' },
    seconds: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    /** Of several processes, `1/2` is the first of two. */
    share: { type: 'string', default: '1/1' },
    json: { type: 'boolean', default: false },
  },
});

const started = performance.now();
const totals = { schedules: 0, actions: 0, accepted: 0 };
const failed: Failed[] = [];

if (values.exhaustive) await exploreAll(values.share);
else if (values.schedules === undefined && values.seconds === undefined) await tellOne(Number(values.seed));
else await exploreSome(Number(values.seed), Number(values.schedules ?? Infinity));

if (values.json) console.log(JSON.stringify({ failed, totals }));
else report();
process.exitCode = failed.length === 0 ? 0 : 1;

async function tellOne(seed: number): Promise<void> {
  note(`seed ${seed}`, (await exploreSeed(seed, { say: (line) => console.log(line) })).violations);
}

async function exploreSome(from: number, schedules: number): Promise<void> {
  const untilMs = started + Number(values.seconds ?? Infinity) * 1000;
  for (let seed = from; seed < from + schedules && performance.now() < untilMs; seed += 1) {
    const { violations, actions, accepted } = await exploreSeed(seed);
    totals.actions += actions;
    totals.accepted += accepted;
    note(`seed ${seed}`, violations);
  }
}

/** One caller alone with everything that can happen; two callers with every thirtieth of it. */
async function exploreAll(share: string): Promise<void> {
  const [index = 1, of = 1] = share.split('/').map(Number);
  const families = [
    ...alone.map((family) => ({ family, every: 1 })),
    ...together.map((family) => ({ family, every: 30 })),
  ];
  for (const { family, every } of families.filter((_, at) => at % of === index - 1)) {
    const { schedules, broken } = await exploreFamily(family, { every });
    totals.schedules += schedules;
    for (const { deviation, violations } of broken)
      failed.push({ schedule: JSON.stringify({ ...family, deviation }), violations });
    if (!values.json && broken.length > 0) console.log(failed.at(-1));
  }
}

function note(schedule: string, violations: readonly string[]): void {
  totals.schedules += 1;
  if (violations.length === 0) return;
  failed.push({ schedule, violations });
  if (!values.json) console.log(`${schedule}: ${violations[0]}`);
}

function report(): void {
  const ms = (performance.now() - started) / totals.schedules;
  console.log(`${failed.length} went wrong, ${ms.toFixed(1)} ms a schedule: ${JSON.stringify(totals)}`);
}

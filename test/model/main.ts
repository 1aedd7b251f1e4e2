/**
 * The lifecycle model. `npm run model -- --schedules N` explores so many random schedules and tells of those that went
 * wrong, `--seed S` tells the story of one of them.
 */
import './silence.ts';
import { parseArgs } from 'node:util';
import { exploreSeed } from './random.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});

if (values.seed !== undefined) {
  const { violations } = await exploreSeed(Number(values.seed), { say: (line) => console.log(line) });
  process.exitCode = violations.length === 0 ? 0 : 1;
} else {
  const started = performance.now();
  const from = Number(values.from);
  const totals: Record<string, number> = {};
  const failed: object[] = [];
  for (let seed = from; seed < from + Number(values.schedules); seed += 1) {
    const { violations, ...figures } = await exploreSeed(seed);
    for (const [name, count] of Object.entries({ ...figures, schedules: 1 }))
      totals[name] = (totals[name] ?? 0) + count;
    if (violations.length === 0) continue;
    failed.push({ seed, violations });
    if (!values.json) console.log(`seed ${seed}: ${violations[0]}`);
  }
  const ms = (performance.now() - started) / Number(values.schedules);
  if (values.json) console.log(JSON.stringify({ failed, totals }));
  else console.log(`${failed.length} went wrong, ${ms.toFixed(2)} ms a schedule: ${JSON.stringify(totals)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/**
 * `npm run simulate -- --seed S` tells the story of one seed; `--seeds FROM-TO` lives through many and tells of those
 * that went wrong, with `--json` as one object.
 */
import { parseArgs } from 'node:util';
import { simulate, type Simulated } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1-200' },
    json: { type: 'boolean', default: false },
  },
});

if (values.seed !== undefined) await tellOne(Number(values.seed));
else await tellMany(values.seeds, values.json);

async function tellOne(seed: number): Promise<void> {
  const result = await simulate(seed, (line) => console.log(line));
  report(result);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
}

async function tellMany(range: string, json: boolean): Promise<void> {
  const [from = 1, to = from] = range.split('-').map(Number);
  const started = performance.now();
  const totals: Record<string, number> = {};
  const failed: Simulated[] = [];
  for (let seed = from; seed <= to; seed += 1) {
    const result = await simulate(seed);
    if (result.violations.length > 0) failed.push(result);
    for (const [name, count] of Object.entries({ ...result.tally, forks: result.forks, seeds: 1 }))
      totals[name] = (totals[name] ?? 0) + count;
    if (result.violations.length > 0 && !json) report(result);
  }
  if (json) {
    console.log(JSON.stringify({ failed, totals }));
    return;
  }
  const msPerSeed = (performance.now() - started) / (to - from + 1);
  console.log(`${failed.length} went wrong, ${msPerSeed.toFixed(1)} ms a seed: ${JSON.stringify(totals)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function report({ seed, pipeline, violations, tally, simulatedMs }: Simulated): void {
  console.log(`seed ${seed}: ${pipeline}, ${simulatedMs} ms, ${JSON.stringify(tally)}`);
  for (const violation of violations.slice(0, 10)) console.log(`  ${violation}`);
  if (violations.length > 0) console.log(`  again: npm run simulate -- --seed ${seed}`);
}

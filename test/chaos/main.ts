/**
 * `npm run chaos -- --seed S --kills N [--pipeline NAME]`: real workers on the local cloud, killed, frozen and cut off
 * from their services; afterwards their tables must hold what an undisturbed run gives.
 */
import { parseArgs } from 'node:util';
import { pipelines } from '../pipelines/pipelines.ts';
import { chaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    kills: { type: 'string', default: '20' },
    pipeline: { type: 'string', multiple: true },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const seed = Number(values.seed);
const names = values.pipeline ?? Object.keys(pipelines);
const startedAt = performance.now();
const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);

console.log(`seed ${seed}, ${values.kills} kills, pipelines ${names.join(', ')}`);
const results = await chaos({
  seed,
  kills: Number(values.kills),
  pipelines: names,
  say: (line) => console.log(`${seconds().padStart(6)} s  ${line}`),
});
for (const { pipeline, rows, counts, violations } of results) {
  console.log(
    `${violations.length === 0 ? 'right' : 'WRONG'}  ${pipeline}: ${rows} rows, ${JSON.stringify(counts)}`,
  );
  for (const violation of violations) console.log(`  ${violation}`);
}
console.log(`${seconds()} s; again: npm run chaos -- --seed ${seed} --kills ${values.kills}`);
process.exitCode = results.every(({ violations }) => violations.length === 0) ? 0 : 1;

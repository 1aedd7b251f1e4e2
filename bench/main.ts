/** `npm run bench -- NAME [--json FILE]`: runs one benchmark and prints its figures. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Measurement } from './benchmark.ts';
import { benchmarks } from './index.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const [name = ''] = positionals;
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  console.error(`Cannot run benchmark "${name}": the benchmarks are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(64);
}

const { benchmark } = await load();
const measurements = await benchmark.run();
print(measurements);
if (values.json !== undefined) {
  writeFileSync(
    values.json,
    `${JSON.stringify({ benchmark: name, node: process.version, measurements }, null, 2)}\n`,
  );
}

function print(all: readonly Measurement[]): void {
  const width = Math.max(...all.map((each) => each.name.length));
  for (const { name: what, value, unit, note } of all) {
    const figure = value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
    console.log(
      `${what.padEnd(width)}  ${figure.padStart(12)} ${unit}${note === undefined ? '' : `  (${note})`}`,
    );
  }
}

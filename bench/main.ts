/** `npm run bench -- NAME [--json FILE] [ITS OPTIONS]`: runs one benchmark and prints its figures. */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import type { Measurement } from './benchmark.ts';
import { benchmarks } from './index.ts';

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  console.error(`Cannot run benchmark "${name}": the benchmarks are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(64);
}

const file = jsonFile(args);
const { benchmark } = await load();
const measurements = await benchmark.run(args);
print(measurements);
if (file !== undefined) {
  const machine = `${os.cpus()[0]?.model ?? 'unknown'}, ${os.cpus().length} cores`;
  const record = { benchmark: name, at: new Date().toISOString(), node: process.version, machine };
  writeFileSync(file, `${JSON.stringify({ ...record, measurements }, null, 2)}\n`);
}

/** Takes `--json FILE` out of the arguments. */
function jsonFile(from: string[]): string | undefined {
  const at = from.indexOf('--json');
  const [, found] = at < 0 ? [] : from.splice(at, 2);
  if (at >= 0 && found === undefined) {
    console.error('Cannot write the figures: --json needs a file behind it');
    process.exit(64);
  }
  return found;
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

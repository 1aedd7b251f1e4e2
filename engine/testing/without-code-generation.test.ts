import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const program = `
import { count, sum, t, tumbling, value } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
import { harness } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
const run = (build) => {
  const h = harness(build, { parallelism: 2 });
  for (let at = 0; at < 20; at++) h.push({ page: 'p' + (at % 3), n: at }, at);
  h.restore(h.snapshot(), { parallelism: 3 });
  h.watermark(100);
  return h.output();
};
const windows = run((s) => s.map((c) => ({ ...c, twice: c.n * 2 })).filter((c) => c.n > 1)
  .keyBy((c) => c.page).window(tumbling('10 ms')).aggregate('w', { n: count(), sum: sum((c) => c.twice) }));
const timers = run((s) => s.keyBy((c) => c.page).process('p', {
  output: t.int, state: { last: value(t.row({ n: t.int })) }, timers: ['end'],
  onRecord(c, ctx) { ctx.state.last.set({ n: c.n }); ctx.timers.end.set(50); },
  onTimer(_, ctx) { ctx.emit(ctx.state.last.get().n); },
}));
console.log(JSON.stringify([windows.map((r) => [r.key, r.start, r.n, r.sum]).sort(), timers.sort()]));
`;

function run(...flags: readonly string[]): unknown {
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

test('a process that forbids generated code computes the same', () => {
  const expected = run();
  expect(expected).toEqual([
    [
      ['p0', 0, 3, 36],
      ['p0', 10, 3, 90],
      ['p1', 0, 2, 22],
      ['p1', 10, 4, 116],
      ['p2', 0, 3, 30],
      ['p2', 10, 3, 84],
    ],
    [17, 18, 19],
  ]);
  expect(run('--disallow-code-generation-from-strings')).toEqual(expected);
}, 30_000);

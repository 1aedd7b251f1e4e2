import { describe, expect, test } from 'vitest';
import type { CapturedRecord } from '../testing/captured-outputs.ts';
import { TinyDisks } from '../state/disk/tiny-disks.fixture.ts';
import { callContracts } from './calls.contract.ts';
import { matchContracts } from './cep/match.contract.ts';
import { connectedContracts } from './connected.contract.ts';
import { functionContracts } from './functions.contract.ts';
import { runJob, type RunOutput } from './job-run.contract.ts';
import { joinContracts } from './joins.contract.ts';
import { type OperatorContract, underTest } from './operator-contract.contract.ts';
import { script } from './operator-script.contract.ts';
import { runSlot } from './slot-run.contract.ts';
import { windowContracts } from './windows.contract.ts';

const contracts: readonly OperatorContract[] = [
  ...functionContracts,
  ...connectedContracts,
  ...windowContracts,
  ...joinContracts,
  ...callContracts,
  ...matchContracts,
];

/** Long enough for batches of 64 and for channels to fill up. */
const LONG = { rounds: 3, records: 64 };
const SHORT = { rounds: 5, records: 8 };

describe.each(contracts)('$name gives the same', (contract) => {
  const under = underTest(contract);
  const inputs = under.sources.length;
  const long = script({ inputs, ...LONG });
  const short = script({ inputs, ...SHORT });
  const perKey = (output: RunOutput) => byKey(output, contract.keyOf ?? keyOfRow);

  test('in batches as record by record', async () => {
    const { output } = await runSlot(under, long, { batch: 64, blocked: false });
    const expected = await runJob(under, long);
    expect([...expected.values()].flat().length).toBeGreaterThan(0);
    expect(perKey(output)).toEqual(perKey(expected));
  });

  test('when its readers are behind', async () => {
    const { output, blocked, overruns } = await runSlot(under, long, { batch: 3, blocked: true });
    expect(blocked > 0).toBe(contract.blocks ?? true);
    expect(overruns).toBe(0);
    expect(perKey(output)).toEqual(perKey(await runJob(under, long)));
  });

  test('when it is restored from a snapshot before every step', async () => {
    const output = await runJob(under, short, { before: () => 1 });
    expect(perKey(output)).toEqual(perKey(await runJob(under, short)));
  });

  test('when its state is on the disk, whatever leaves memory and is restored', async () => {
    const disk = new TinyDisks();
    const output = await runJob(under, short, {
      before: (step) => (step % 3 === 2 ? 1 : undefined),
      backend: disk.open,
    });
    expect(perKey(output)).toEqual(perKey(await runJob(under, short)));
    disk.close();
  });

  test('when it is rescaled from 1 to 3 to 2 subtasks', async () => {
    const third = Math.floor(short.length / 3);
    const output = await runJob(under, short, {
      before: (step) => (step === third ? 3 : step === 2 * third ? 2 : undefined),
    });
    const read = contract.anyOrderAcrossSubtasks === true ? sorted : perKey;
    expect(read(output)).toEqual(read(await runJob(under, short)));
  });
});

function sorted(output: RunOutput): Record<string, readonly string[]> {
  return Object.fromEntries(
    Array.from(output, ([sink, records]) => [sink, records.map((record) => JSON.stringify(record)).sort()]),
  );
}

/** What came out for each key, in its order; between keys there is none. */
function byKey(
  output: RunOutput,
  keyOf: (value: unknown) => unknown,
): Record<string, Record<string, CapturedRecord[]>> {
  return Object.fromEntries(
    Array.from(output, ([sink, records]) => [
      sink,
      Object.groupBy(records, ({ value }) => String(keyOf(value))) as Record<string, CapturedRecord[]>,
    ]),
  );
}

function keyOfRow(value: unknown): unknown {
  return (value as { readonly key: unknown }).key; // every operator of the tables keeps the key in its rows
}

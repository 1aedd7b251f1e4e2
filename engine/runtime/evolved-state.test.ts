/** Jobs that start from the state of an older version of their program. */
import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import { t, type Type } from '../data/built-in-types.ts';
import { application } from '../stream/application.ts';
import { value } from '../stream/state-cells.ts';
import { Deployment, type Run } from './job-runs.fixture.ts';

const Payment = t.row({ country: t.string, amount: t.int });

interface Account {
  readonly country: string;
  readonly amount: number;
}

/** Keeps the last payment of every country, in a cell of this type. */
function program(held: Type<Account>, seen: (account: Account) => void = () => undefined) {
  return application('accounts', {
    build({ source }) {
      const payments = generator({
        schema: Payment,
        record: (index) => ({ country: index % 2 === 0 ? 'de' : 'fr', amount: index }),
        count: 400,
        splits: 2,
        ratePerSecond: 4000,
      });
      source('payments', payments)
        .keyBy(({ country }) => country)
        .process('accounts', {
          output: Payment,
          state: { last: value(held) },
          onRecord(payment, ctx) {
            const last = ctx.state.last.get();
            if (last !== undefined) seen(last);
            ctx.state.last.set({ ...last, ...payment });
          },
        });
    },
  });
}

async function started(deployment: Deployment, held: Type<Account>, restore = true): Promise<Run> {
  return deployment.start(
    {},
    {
      application: { application: program(held) },
      restore: restore ? { kind: 'manifest', location: 's/1' } : { kind: 'none' },
    },
  );
}

async function withSavepoint(): Promise<Deployment> {
  const deployment = new Deployment();
  const run = await started(deployment, Payment, false);
  await run.checkpoints(2);
  await run.savepoint('s/1', { stop: true });
  return deployment;
}

describe('a job with state of an older version', () => {
  it('is refused before it starts where the state does not fit: with cell, field, both types and what to do', async () => {
    const deployment = await withSavepoint();
    const texts = t.row({ country: t.string, amount: t.string }) as unknown as Type<Account>;
    const run = await started(deployment, texts);
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: {
        name: 'Refusal',
        message:
          'Cannot restore from "s/1/manifest.json": state "last" of operator "accounts": field "amount" was written as INT, the program declares STRING; give the state a new name, a type that the old values fit, or a migration',
      },
    });
    expect(run.job.status()).toMatchObject({ restarts: 0, checkpoints: { counts: { restored: 0 } } });
  });

  it('goes on where fields were added with a default, renamed or widened', async () => {
    const deployment = await withSavepoint();
    const evolved = t.row({
      country: t.string,
      amount: t.double,
      nation: t.field(t.string, { default: '?' }),
    });
    const held: Account[] = [];
    const run = await deployment.start(
      {},
      {
        application: { application: program(evolved, (account) => held.push(account)) },
        restore: { kind: 'manifest', location: 's/1' },
      },
    );
    await run.toEnd();
    expect(held[0]).toMatchObject({ nation: '?' });
    expect(typeof held[0]?.amount).toBe('number');
  });
});

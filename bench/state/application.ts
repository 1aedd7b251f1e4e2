/** State per key that is read and written with every record, as an application that a job's threads import. */
import type { Sink } from '../../engine/connectors/connector.ts';
import { application, type Infer, t, value } from '../../engine/index.ts';
import { keySource } from './key-source.ts';
import { preciseNow, pulseSender } from './pulse.ts';

const Totals = t.row({ count: t.int, sum: t.double, last: t.double });
const Row = t.row({ due: t.double });

const Configuration = t.row({
  keys: t.int,
  hotKeys: t.int,
  ratePerSecond: t.int,
  /** Keys are numbers, or texts of 16 characters. */
  keyKind: t.enum('number', 'string'),
});
export type Configuration = Infer<typeof Configuration>;

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('totals', {
  config: Configuration,
  build({ source, config: { keyKind, ...options } }) {
    source('readings', keySource(options))
      .keyBy(({ key }): number | string => (keyKind === 'number' ? key : textOf(key)))
      .process('totals', {
        output: Row,
        state: { totals: value(Totals) },
        onRecord({ amount, due }, ctx) {
          const held = ctx.state.totals.get();
          ctx.state.totals.set({ count: (held?.count ?? 0) + 1, sum: (held?.sum ?? 0) + amount, last: due });
          ctx.emit({ due });
        },
      })
      .to(delaySink(options.ratePerSecond > 0), 'rows');
  },
});

function textOf(key: number): string {
  return `sensor-${String(key).padStart(9, '0')}`;
}

const REPORT_MS = 200;
/** Delays between two reports that are kept; more come only after a pause. */
const DELAYS_MAX = 1 << 20;

/** Measures how long records were on their way, or takes them only. */
function delaySink(measures: boolean): Sink<Infer<typeof Row>> {
  return {
    connector: 'delays',
    guarantee: 'at-least-once',
    options: {},
    writer: () => {
      const pulse = pulseSender();
      const delays = new Float64Array(DELAYS_MAX);
      let count = 0;
      let reportAt = 0;
      return {
        write: ({ due }) => {
          if (!measures) return;
          const now = preciseNow();
          if (count < DELAYS_MAX) delays[count++] = now - due;
          if (now < reportAt) return;
          reportAt = now + REPORT_MS;
          pulse.send({ type: 'delays', atMs: now, delays: delays.slice(0, count) });
          count = 0;
        },
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => {
          pulse.close();
          return Promise.resolve();
        },
      };
    },
  };
}

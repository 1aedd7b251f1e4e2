/** Readings of many sensors, kept per sensor, with a sink that tells a file that it is alive. */
import { appendFileSync } from 'node:fs';
import type { Sink } from '../../engine/connectors/connector.ts';
import { generator } from '../../engine/connectors/generator/index.ts';
import { application, t, value } from '../../engine/index.ts';

const Reading = t.row({ sensor: t.string, text: t.string });
const SENSORS_TEXT = 'reading of a sensor somewhere in the field, number ';
const REPORT_MS = 5;

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('recovery', {
  config: t.row({ sensors: t.int, ratePerSecond: t.int, file: t.string }),
  build({ source, config: { sensors, ratePerSecond, file } }) {
    const readings = generator({
      schema: Reading,
      record: (index) => ({
        sensor: `sensor-${String(index % sensors).padStart(9, '0')}`,
        text: SENSORS_TEXT + String(index),
      }),
      ratePerSecond,
    });
    source('readings', readings)
      .keyBy(({ sensor }) => sensor)
      .process('latest', {
        output: t.int,
        state: { latest: value(t.row({ count: t.int, text: t.string })) },
        onRecord({ text }, ctx) {
          const count = (ctx.state.latest.get()?.count ?? 0) + 1;
          ctx.state.latest.set({ count, text });
          ctx.emit(count);
        },
      })
      .to(lifeSign(file), 'file');
  },
});

/** Appends the time and the records so far to a file, every few milliseconds in which there are any. */
function lifeSign(file: string): Sink<number> {
  return {
    connector: 'life-sign',
    guarantee: 'at-least-once',
    options: {},
    writer: () => {
      let written = 0;
      let reportAt = 0;
      return {
        write: () => {
          written += 1;
          const now = Date.now();
          if (now < reportAt) return;
          reportAt = now + REPORT_MS;
          appendFileSync(file, `${now} ${process.pid} ${written}\n`);
        },
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => Promise.resolve(),
      };
    },
  };
}

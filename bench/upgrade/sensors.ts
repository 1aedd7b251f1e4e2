/** Readings of many sensors, kept per sensor, with a sink that notes every result with its time. */
import { appendFileSync } from 'node:fs';
import type { Sink } from '../../engine/connectors/connector.ts';
import { generator } from '../../engine/connectors/generator/index.ts';
import { application, t, value } from '../../engine/index.ts';

const Reading = t.row({ index: t.int, sensor: t.string });
const Result = t.row({ index: t.int, count: t.int });
const NOTE_MS = 5;

/** `text` goes into the state and tells one version from the next. */
export function sensors(text: string) {
  return application('upgrade', {
    config: t.row({ sensors: t.int, ratePerSecond: t.int, file: t.string }),
    build({ source, config }) {
      const readings = generator({
        schema: Reading,
        record: (index) => ({
          index,
          sensor: `sensor-${String(index % config.sensors).padStart(9, '0')}`,
        }),
        ratePerSecond: config.ratePerSecond,
      });
      source('readings', readings)
        .keyBy(({ sensor }) => sensor)
        .process('latest', {
          output: Result,
          state: { latest: value(t.row({ count: t.int, text: t.string })) },
          onRecord({ index }, ctx) {
            const count = (ctx.state.latest.get()?.count ?? 0) + 1;
            ctx.state.latest.set({ count, text: `${text}, number ${index}` });
            ctx.emit({ index, count });
          },
        })
        .to(notes(config.file), 'file');
    },
  });
}

/** Appends `time pid index count` of every record to a file, in batches of a few milliseconds. */
function notes(file: string): Sink<{ readonly index: number; readonly count: number }> {
  return {
    connector: 'notes',
    guarantee: 'at-least-once',
    options: {},
    writer: () => {
      let lines: string[] = [];
      let writtenAt = 0;
      const write = () => {
        if (lines.length > 0) appendFileSync(file, lines.join(''));
        lines = [];
      };
      return {
        write: ({ index, count }) => {
          const now = Date.now();
          lines.push(`${now} ${process.pid} ${index} ${count}\n`);
          if (now < writtenAt + NOTE_MS) return;
          writtenAt = now;
          write();
        },
        pending: 0,
        highWater: 1,
        flush: () => {
          write();
          return Promise.resolve();
        },
        onAvailable: () => undefined,
        close: () => {
          write();
          return Promise.resolve();
        },
      };
    },
  };
}

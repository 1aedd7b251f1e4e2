/** The program under chaos: readings of a stream, through one of the pipelines, into a table or into files. */
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { fileSink } from '#engine/connectors/files/sink/file-sink.ts';
import { kinesis } from '#engine/connectors/kinesis/index.ts';
import { t } from '#engine/data/built-in-types.ts';
import { application } from '#engine/stream/application.ts';
import { Dice } from '../pipelines/dice.ts';
import { pipelineNamed } from '../pipelines/pipelines.ts';
import { DISORDER_MS, ReadingType, type Reading } from '../pipelines/reading.ts';

const ANSWER_MS_MAX = 30;
const rolls = [
  { onCheckpoint: true },
  { interval: '1 second' },
  { bytes: 2000, interval: '2 seconds' },
] as const;

const answerLater = (reading: Reading) =>
  new Promise<Reading>((resolve) => {
    setTimeout(() => resolve(reading), Math.random() * ANSWER_MS_MAX);
  });

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('chaos', {
  config: t.row({
    pipeline: t.string,
    seed: t.int,
    stream: t.string,
    sink: t.enum('table', 'files'),
    location: t.string,
  }),
  build({ source, config }) {
    const pipeline = pipelineNamed(config.pipeline, new Dice(config.seed));
    const readings = source(
      'readings',
      kinesis({
        stream: config.stream,
        schema: ReadingType,
        time: ({ at }) => at,
        pollIntervalMs: 50,
        discoverEveryMs: 2000,
      }),
      { watermark: `${DISORDER_MS} ms` },
    );
    const rows = pipeline.build(readings, { answerLater });
    if (config.sink === 'table')
      rows.to(dynamoDb({ table: config.stream, key: ({ id }) => ({ id }) }), 'outside');
    // Some files are finished with every checkpoint, others go on over several.
    else {
      const roll = rolls[config.seed % rolls.length] ?? {};
      rows.to(fileSink({ location: config.location, roll }), 'outside');
    }
  },
});

/** The program under chaos: readings of a stream, through one of the pipelines, into a table. */
import { dynamoDb } from '#engine/connectors/dynamodb/index.ts';
import { kinesis } from '#engine/connectors/kinesis/index.ts';
import { t } from '#engine/data/built-in-types.ts';
import { application } from '#engine/stream/application.ts';
import { Dice } from '../pipelines/dice.ts';
import { pipelineNamed } from '../pipelines/pipelines.ts';
import { DISORDER_MS, ReadingType, type Reading } from '../pipelines/reading.ts';

const ANSWER_MS_MAX = 30;

const answerLater = (reading: Reading) =>
  new Promise<Reading>((resolve) => {
    setTimeout(() => resolve(reading), Math.random() * ANSWER_MS_MAX);
  });

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('chaos', {
  config: t.row({ pipeline: t.string, seed: t.int, stream: t.string, table: t.string }),
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
    pipeline
      .build(readings, { answerLater })
      .to(dynamoDb({ table: config.table, key: ({ id }) => ({ id }) }), 'table');
  },
});

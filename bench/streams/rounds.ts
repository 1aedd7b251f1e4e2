/** Rounds of one query through the engine and through its loop, in a thread of their own as a job has. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { BATCH_SIZE, recordBatch } from '../../engine/data/record-batch.ts';
import { median } from '../benchmark.ts';
import { EngineRun } from './engine-run.ts';
import { DISORDER_MS, EVENTS, fillBatch, WATERMARK_BATCHES } from './events.ts';
import { queryOf } from './queries.ts';
import type { HandWritten, Outcome } from './query.ts';

/** What one query measured, ns per event. */
export interface RoundTimes {
  readonly engine: number;
  readonly byHand: number;
  readonly rowsPerEvent: number;
}

const WARM_UP = 2;
const ROUNDS = 5;

type Runner = Pick<HandWritten, 'batch' | 'watermark' | 'outcome'>;

async function measure(name: string): Promise<RoundTimes> {
  const query = queryOf(name);
  const [engine, byHand]: readonly Runner[] = [new EngineRun(query), query.byHand()];
  if (engine === undefined || byHand === undefined) throw new Error('Both are there.');
  const times = { engine: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const engineNs = runRound(engine, round);
    await nextTurn();
    const handNs = runRound(byHand, round);
    await nextTurn();
    checkSame(name, engine.outcome, byHand.outcome);
    if (round < WARM_UP) continue;
    times.engine.push(engineNs / EVENTS);
    times.byHand.push(handNs / EVENTS);
  }
  return {
    engine: median(times.engine),
    byHand: median(times.byHand),
    rowsPerEvent: engine.outcome.rows / (EVENTS * (WARM_UP + ROUNDS)),
  };
}

/** Event time goes on from round to round, so that all but the first meet the state of those before. */
function runRound(runner: Runner, round: number): number {
  const batch = recordBatch();
  const begun = process.cpuUsage();
  for (let from = 0; from < EVENTS; from += BATCH_SIZE) {
    const latest = fillBatch(batch, round * EVENTS + from);
    runner.batch(batch);
    if ((from / BATCH_SIZE) % WATERMARK_BATCHES === WATERMARK_BATCHES - 1) {
      runner.watermark(latest - DISORDER_MS - 1);
    }
  }
  // What all threads of the process used, the collector's too: other programs of the machine do not count.
  const { user, system } = process.cpuUsage(begun);
  return (user + system) * 1000;
}

function checkSame(name: string, engine: Outcome, byHand: Outcome): void {
  if (engine.rows === byHand.rows && engine.sum === byHand.sum) return;
  const of = ({ rows, sum }: Outcome): string => `${rows} rows with sum ${sum}`;
  throw new Error(`Query "${name}": the engine gave ${of(engine)}, the loop ${of(byHand)}`);
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort?.postMessage(await measure(String(workerData)));

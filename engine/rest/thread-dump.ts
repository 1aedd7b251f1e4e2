import type { RestContext } from './rest-context.ts';

/** One thread as Flink describes it. */
export interface ThreadInfo {
  readonly threadName: string;
  readonly stringifiedThreadInfo: string;
}

/**
 * What every thread is at. JavaScript lets nobody look at the stack of another thread, so of a slot it is said which
 * subtasks it runs and how they spend their time.
 */
export function threadInfos(context: RestContext): readonly ThreadInfo[] {
  const { vertices } = context.job.status();
  const slots = Math.max(0, ...vertices.map(({ parallelism }) => parallelism));
  const main = { threadName: 'coordinator', stringifiedThreadInfo: '"coordinator" answers this request\n' };
  return [main, ...Array.from({ length: slots }, (_, slot) => slotInfo(context, slot))];
}

function slotInfo(context: RestContext, slot: number): ThreadInfo {
  const lines = context.job
    .status()
    .vertices.flatMap(({ name, subtasks }) =>
      subtasks
        .filter(({ subtask }) => subtask === slot)
        .map(
          ({ state, busyMsPerSecond, backpressuredMsPerSecond, idleMsPerSecond }) =>
            `\t${state} ${name} (${slot + 1}): busy ${percent(busyMsPerSecond)}, backpressured ${percent(backpressuredMsPerSecond)}, idle ${percent(idleMsPerSecond)}`,
        ),
    );
  const threadName = `slot ${slot}`;
  return { threadName, stringifiedThreadInfo: `"${threadName}"\n${lines.join('\n')}\n` };
}

function percent(msPerSecond: number): string {
  return `${Math.round(msPerSecond / 10)} %`;
}

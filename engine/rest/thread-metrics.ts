import type { ThreadFigures } from '../runtime/job-status.ts';
import { counter, gauge, type Metric, type Sample } from './prometheus-text.ts';

type ThreadNumber = readonly [name: string, help: string, value: (thread: ThreadFigures) => number];

const COUNTERS: readonly ThreadNumber[] = [
  ['headwater_thread_gc_total', 'Garbage collections of a thread.', ({ collections }) => collections],
  [
    'headwater_thread_gc_ms_total',
    'Time that a thread spent on garbage collection.',
    ({ collectionMs }) => collectionMs,
  ],
];

const GAUGES: readonly ThreadNumber[] = [
  ['headwater_thread_heap_used_bytes', 'Used heap of a thread.', ({ heapUsedBytes }) => heapUsedBytes],
  ['headwater_thread_heap_bytes', 'Heap of a thread, used or not.', ({ heapTotalBytes }) => heapTotalBytes],
  ['headwater_thread_heap_limit_bytes', 'Heap at which a thread ends.', ({ heapMaxBytes }) => heapMaxBytes],
  [
    'headwater_thread_external_bytes',
    'Buffers of a thread outside of its heap.',
    ({ externalBytes }) => externalBytes,
  ],
  [
    'headwater_thread_loop_delay_ms',
    'How late the event loop of a thread came on average, since it was measured last.',
    ({ loopDelayMs }) => loopDelayMs,
  ],
  [
    'headwater_thread_loop_delay_ms_max',
    'How late the event loop of a thread came at worst, since it was measured last.',
    ({ loopDelayMsMax }) => loopDelayMsMax,
  ],
  [
    'headwater_thread_loop_utilization',
    'Share of the time in which the event loop of a thread was at work.',
    ({ loopUtilization }) => loopUtilization,
  ],
];

/** What the threads of a worker measure of themselves. */
export function threadMetrics(
  coordinator: ThreadFigures | undefined,
  slots: readonly ThreadFigures[],
): readonly Metric[] {
  const threads = [
    ...(coordinator === undefined ? [] : [['coordinator', coordinator] as const]),
    ...slots.map((figures, slot) => [`slot-${slot}`, figures] as const),
  ];
  const samples = (value: ThreadNumber[2]): Sample[] =>
    threads.map(([thread, figures]) => ({ labels: { thread }, value: value(figures) }));
  return [
    ...COUNTERS.map(([name, help, value]) => counter(name, help, samples(value))),
    ...GAUGES.map(([name, help, value]) => gauge(name, help, samples(value))),
  ];
}

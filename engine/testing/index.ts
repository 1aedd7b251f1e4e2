/** What users test their applications with; the package exports it as `headwater/testing`. */
export { harness, type Harness, type HarnessOptions, type HarnessSnapshot } from './harness.ts';
export { ManualClock } from './manual-clock.ts';
export { seededRandom } from './seeded-random.ts';
export { stubSink, stubSource } from './stub-connectors.ts';
export { testRun, type TestRun, type TestRunOptions } from './test-run.ts';

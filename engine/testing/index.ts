/** What users test their applications with; the package exports it as `headwater/testing`. */
export type { CapturedRecord } from './captured-outputs.ts';
export { type ContractCase, ContractBreach } from './contract-case.ts';
export {
  harness,
  type Harness,
  type HarnessInput,
  type HarnessOptions,
  type TwoInputHarness,
} from './harness.ts';
export { ManualClock } from './manual-clock.ts';
export { seededRandom } from './seeded-random.ts';
export { sinkContract, type SinkContractOptions, type SinkUnderTest } from './sink-contract.ts';
export { sourceContract, type SourceUnderTest } from './source-contract.ts';
export { stubSink, stubSource } from './stub-connectors.ts';
export type { StateContent } from './state-content.ts';
export { testRun, testRunAsync, type TestRun, type TestRunOptions } from './test-run.ts';
export type { TestSnapshot } from './test-snapshot.ts';
export type { Feeds } from './feeds.ts';

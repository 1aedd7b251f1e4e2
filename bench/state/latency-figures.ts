/** What the process of the latency benchmark runs. */
export interface LatencyRunOptions {
  readonly keys: number;
  readonly seconds: number;
}

/** What it measured; delays in ms. */
export interface LatencyFigures {
  readonly capacity: number;
  readonly rate: number;
  readonly stateBytes: number;
  readonly checkpoints: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

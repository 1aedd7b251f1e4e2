import type { Sink } from '#engine/connectors/connector.ts';
import type { Row } from '../../pipelines/pipeline.ts';
import type { SimulatedProcess } from './simulated-process.ts';

/** Where the rows of a deployment go. It outlives all processes. */
export interface Outside {
  /** The sink of one process. */
  sink(process: SimulatedProcess): Sink<Row>;
}

/** What a deployment says about the ends of its program, which stays as it is: where sources begin, what sinks do. */
import type { ConnectorOptions } from '../connectors/connector.ts';

/** What becomes of the records that reach a sink; `keep` writes them where the program says. */
export type SinkAdjustment =
  | { readonly mode: 'keep' | 'discard' | 'capture' }
  | { readonly mode: 'redirect'; readonly options: ConnectorOptions };

/** Plain data, since every thread makes the graph for itself. */
export interface Adjustments {
  /** Sinks that `sinks` does not name. */
  readonly everySink: 'keep' | 'discard' | 'capture';
  readonly sinks: Readonly<Record<string, SinkAdjustment>>;
  /** Address of the folder with a folder for every captured sink. */
  readonly captures: string;
  /** Sources begin at this time, ms since 1970, and not at positions of a checkpoint that another job has made. */
  readonly startAtMs?: number;
}

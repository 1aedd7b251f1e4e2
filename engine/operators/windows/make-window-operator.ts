import type { OperatorMetrics } from '../chain-metrics.ts';
import type { WindowDefinition } from '../operator-definition.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';
import { canMerge } from './pane-functions.ts';
import { canSlice, SliceGrid } from './slice-grid.ts';
import { SlicedWindowOperator } from './sliced-window-operator.ts';
import { WindowOperator } from './window-operator.ts';

/** The operator for column aggregates over plain windows: by slices where windows overlap and accumulators merge. */
export function makeWindowOperator(
  definition: WindowDefinition,
  host: OperatorHost,
  metrics: OperatorMetrics,
): StatefulOperator {
  const { assigner, aggregates, earlyMs } = definition;
  return earlyMs === undefined && canSlice(assigner) && canMerge(Object.entries(aggregates))
    ? new SlicedWindowOperator(definition, new SliceGrid(assigner), { host, metrics })
    : new WindowOperator(definition, host, metrics);
}

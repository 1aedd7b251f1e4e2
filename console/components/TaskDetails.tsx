import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { OperatorDescription } from '#contract/resources/application-version.ts';
import type { OperatorMetrics } from '#contract/resources/metrics.ts';
import { durationText } from '../ui/duration-text.ts';
import { countText, rateText, shareText, UNKNOWN } from '../ui/number-text.ts';
import { useNow } from '../ui/use-now.ts';
import { operatorKind } from './operator-text.ts';
import type { TaskCard } from './task-graph.ts';
import { watermarkLag } from './watermark-lag.ts';

interface TaskDetailsProps {
  readonly task: TaskCard;
  readonly metrics: OperatorMetrics | undefined;
  /** Fills the places that the program leaves to it, such as `{stream}`. */
  readonly configuration: Configuration;
}

type Configuration = Readonly<Record<string, unknown>>;

/** One task closely: its figures, and each of its operators with the state that it declares. */
export function TaskDetails({ task, metrics, configuration }: TaskDetailsProps) {
  const lag = watermarkLag(metrics?.watermark, useNow());
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Records in', value: figure(metrics?.recordsIn, metrics?.recordsInPerSecond) },
          { label: 'Records out', value: figure(metrics?.recordsOut, metrics?.recordsOutPerSecond) },
          { label: 'Busy', value: shareText(metrics?.busy) },
          { label: 'Back-pressured', value: shareText(metrics?.backpressured) },
          {
            label: 'Watermark',
            value: lag.amount === UNKNOWN ? UNKNOWN : `${lag.amount} ${lag.unit} behind`,
          },
          { label: 'Late records', value: countText(metrics?.lateRecords) },
          { label: 'Undecodable records', value: countText(metrics?.undecodableRecords) },
          { label: 'Status', value: metrics?.state.toLowerCase() ?? 'not running' },
        ]}
      />
      {task.operators.map((operator) => (
        <OperatorDetails key={operator.id} operator={operator} configuration={configuration} />
      ))}
    </SpaceBetween>
  );
}

interface OperatorDetailsProps {
  readonly operator: OperatorDescription;
  readonly configuration: Configuration;
}

function OperatorDetails({ operator, configuration }: OperatorDetailsProps) {
  const facts = Object.entries(operator.description).map(([label, value]) => ({
    label: label.charAt(0).toUpperCase() + label.slice(1),
    value: filled(String(value), configuration),
  }));
  const cells = operator.state.map((state) => ({
    label: `State “${state.name}”`,
    value: (
      <>
        {state.kind} · <code>{state.schema}</code>
        {state.ttlMs === undefined ? '' : ` · kept ${durationText(state.ttlMs)}`}
      </>
    ),
  }));
  return (
    <div className="operator">
      <Box variant="h4" tagOverride="h3">
        {operator.name} <span className="muted">{operatorKind(operator)}</span>
      </Box>
      {facts.length + cells.length === 0 ? null : <KeyValuePairs columns={4} items={[...facts, ...cells]} />}
    </div>
  );
}

function filled(text: string, configuration: Configuration): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = configuration[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : place;
  });
}

function figure(count: number | undefined, rate: number | null | undefined): string {
  if (count === undefined) return UNKNOWN;
  const perSecond = rateText(rate);
  return perSecond === UNKNOWN ? countText(count) : `${countText(count)} · ${perSecond}/s`;
}

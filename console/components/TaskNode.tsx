import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import type { OperatorMetrics } from '#contract/resources/metrics.ts';
import { rateText, shareText, UNKNOWN } from '../ui/number-text.ts';
import { operatorKind } from './operator-text.ts';
import type { Direction } from './graph-layout.ts';
import type { TaskCard } from './task-graph.ts';

export interface TaskNodeData extends Record<string, unknown> {
  readonly card: TaskCard;
  readonly metrics: OperatorMetrics | undefined;
  readonly parallelism: number;
  readonly direction: Direction;
}

/** Where the color of a busy task turns: above two thirds it has little room left. */
const WARM = 0.4;
const HOT = 0.66;

/** A task of the dataflow graph: its operators, and how much goes through them. */
export function TaskNode({ data, selected }: NodeProps<Node<TaskNodeData>>) {
  const { card, metrics } = data;
  const busy = metrics?.busy ?? null;
  const stale = metrics === undefined ? ' idle' : '';
  return (
    <div className={`task ${heat(busy)}${stale}${selected ? ' selected' : ''}`}>
      <Handle
        type="target"
        position={data.direction === 'right' ? Position.Left : Position.Top}
        isConnectable={false}
      />
      <Handle
        type="source"
        position={data.direction === 'right' ? Position.Right : Position.Bottom}
        isConnectable={false}
      />
      <div className="task-head">
        <span>{card.operators.length === 1 ? 'task' : `task · ${card.operators.length} operators`}</span>
        <span>
          {busy === null ? '' : `${shareText(busy)} busy`}
          <b title="Parallelism">×{metrics?.parallelism ?? data.parallelism}</b>
        </span>
      </div>
      <ol className="task-operators">
        {card.operators.map((operator) => (
          <li key={operator.id}>
            <span className="task-name">{operator.name}</span>
            <span className="task-kind">{operatorKind(operator)}</span>
          </li>
        ))}
      </ol>
      <div className="task-foot">
        <span title="Records in per second">
          <i>in</i> {perSecond(metrics?.recordsInPerSecond)}
        </span>
        <span title="Records out per second">
          <i>out</i> {perSecond(metrics?.recordsOutPerSecond)}
        </span>
      </div>
      <div className="task-bar" aria-hidden="true">
        <i style={{ width: `${(busy ?? 0) * 100}%` }} />
        <b style={{ width: `${(metrics?.backpressured ?? 0) * 100}%` }} />
      </div>
    </div>
  );
}

function perSecond(rate: number | null | undefined): string {
  const text = rateText(rate);
  return text === UNKNOWN ? text : `${text}/s`;
}

function heat(busy: number | null): string {
  if (busy === null) return 'cool';
  if (busy > HOT) return 'hot';
  return busy > WARM ? 'warm' : 'cool';
}

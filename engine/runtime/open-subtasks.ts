import type { JobGraph, JobVertex } from '../graph/job-graph.ts';
import type { ChainNode } from '../operators/chain.ts';
import { HIDDEN } from '../operators/redacted-text.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { OutputChannel } from './channel.ts';
import { edgeWriter } from './edge-writer.ts';
import { OperatorSubtask } from './operator-subtask.ts';
import type { PartAllowance } from './part-allowance.ts';
import type { PlacedOperators } from './placed-operators.ts';
import type { SlotLetters } from './poison/slot-letters.ts';
import { restoredState, type SlotState } from './restored-parts.ts';
import type { SlotContext } from './slot-context.ts';
import { SourceSubtask } from './source-subtask.ts';
import type { Subtask, SubtaskContext, SubtaskInput, SubtaskListener } from './subtask.ts';
import { originsOf, targetsOf } from './wiring.ts';

/** Makes the subtasks of a slot: the one with the slot's number of every vertex that has so many. */
export function openSubtasks(slot: SlotContext, opening: SlotOpening): readonly Subtask[] {
  const subtasks: Subtask[] = [];
  for (const [vertexIndex, vertex] of slot.graph.vertices.entries()) {
    if (slot.index >= vertex.parallelism) continue;
    subtasks.push(openSubtask(slot, vertexIndex, { ...opening, vertex }));
  }
  return subtasks;
}

/** What all subtasks of a slot have in common. */
interface SlotOpening extends SlotState {
  /** By which connectors outdo those of older jobs. */
  readonly epoch: number;
  /** Operators that have read their state already, or a part of it. */
  readonly placed: PlacedOperators | undefined;
  readonly letters: SlotLetters;
  readonly allowance: PartAllowance;
  readonly backend: StateBackend | undefined;
  readonly wake: () => void;
}

interface Opening extends SlotOpening {
  readonly vertex: JobVertex;
}

function openSubtask(slot: SlotContext, vertexIndex: number, opening: Opening): Subtask {
  const { vertex, letters, allowance, backend, wake, epoch, placed } = opening;
  const context: SubtaskContext = {
    vertexIndex,
    vertex,
    subtask: slot.index,
    host: { ...slot.host, epoch },
    inputs: inputsOf(slot, vertex),
    ...outputsOf(slot, vertex),
    restored: restoredState(vertex, slot.index, opening),
    placed: (node: ChainNode) => placed?.take(node),
    allowance,
    backend,
    letters: letters[vertexIndex],
    listener: {
      ...listenerOf(slot, vertexIndex, wake),
      handed: (parts) => slot.report({ type: 'handed-parts', ...parts }),
      acknowledged: (acknowledgement) => {
        // A job that stops with this savepoint says nothing afterwards.
        reportMetrics(slot, subtask);
        slot.report({ type: 'acknowledged', ...acknowledgement });
      },
      finished: () => {
        reportMetrics(slot, subtask);
        slot.report({ type: 'finished', vertex: vertexIndex });
      },
    },
  };
  const subtask: Subtask =
    vertex.inputs.length === 0 ? new SourceSubtask(context) : new OperatorSubtask(context);
  return subtask;
}

function inputsOf({ graph, index, wiring }: SlotContext, vertex: JobVertex): SubtaskInput[] {
  return vertex.inputs.flatMap((edge, input) =>
    originsOf(graph, edge, index).map((from) => ({ channel: wiring.input(edge, from, index), input })),
  );
}

function outputsOf(
  { graph, index, wiring }: SlotContext,
  vertex: JobVertex,
): Pick<SubtaskContext, 'writers' | 'outputs'> {
  const outputs: OutputChannel[] = [];
  const writers = vertex.outputs.map((edge) => {
    const channels = targetsOf(graph, edge, index).map((to) => wiring.output(edge, index, to));
    outputs.push(...channels);
    return edgeWriter(edge, channels, maxParallelismOf(graph, edge.to));
  });
  return { writers, outputs };
}

function maxParallelismOf(graph: JobGraph, vertex: number): number {
  return graph.vertices[vertex]?.maxParallelism ?? 0;
}

function listenerOf(
  { index, graph, report }: SlotContext,
  vertex: number,
  wake: () => void,
): Omit<SubtaskListener, 'finished' | 'handed' | 'acknowledged'> {
  return {
    wake,
    commitAwaited: () => report({ type: 'commit-awaited', vertex }),
    committed: (checkpointId) => report({ type: 'committed', vertex, checkpointId }),
    reached: (watermark) => report({ type: 'source-reached', vertex, watermark }),
    splitFinished: (split) => report({ type: 'split-finished', vertex, split }),
    undecodable: (samples) => {
      // The input of a record that could not be read has no fields to be hidden one by one.
      const shown =
        graph.hide === undefined ? samples : samples.map((sample) => ({ ...sample, preview: HIDDEN }));
      report({ type: 'undecodable', samples: shown });
    },
    lettersCounted: (checkpointId, counts) =>
      report({ type: 'letters-counted', vertex, checkpointId, counts }),
    connector: (operator, event) => report({ type: 'connector', operator, subtask: index, event }),
  };
}

/** The last figures go first: nobody asks a finished subtask again. */
function reportMetrics({ report }: SlotContext, subtask: Subtask): void {
  report({
    type: 'metrics',
    subtasks: [{ vertex: subtask.vertexIndex, metrics: subtask.metrics() }],
  });
}

import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import { durationText } from '../ui/duration-text.ts';
import { bytesText } from '../ui/number-text.ts';
import { momentText } from '../ui/time-text.ts';

type Checkpoint = DeploymentMetrics['checkpoints'][number];

const SHOWN = 60;
const HEIGHT = 44;

/** The latest checkpoints as bars as tall as they were long; failed ones and savepoints stand out. */
export function CheckpointStrip({ checkpoints }: { readonly checkpoints: readonly Checkpoint[] }) {
  const shown = [...checkpoints].sort((a, b) => a.id - b.id).slice(-SHOWN);
  const longest = Math.max(1, ...shown.map((checkpoint) => checkpoint.durationMs));
  return (
    <ol className="strip" aria-label="Recent checkpoints">
      {shown.map((checkpoint) => (
        <li
          key={checkpoint.id}
          className={look(checkpoint)}
          title={describe(checkpoint)}
          aria-label={describe(checkpoint)}
          style={{ height: Math.max(4, (checkpoint.durationMs / longest) * HEIGHT) }}
        />
      ))}
    </ol>
  );
}

function look(checkpoint: Checkpoint): string {
  if (checkpoint.state !== 'completed') return checkpoint.state;
  return checkpoint.isSavepoint ? 'savepoint' : 'completed';
}

function describe(checkpoint: Checkpoint): string {
  const kind = checkpoint.isSavepoint ? 'Savepoint' : 'Checkpoint';
  const outcome =
    checkpoint.failure ??
    `${checkpoint.state}, ${durationText(checkpoint.durationMs)}, ${bytesText(checkpoint.sizeBytes)}`;
  return `${kind} ${checkpoint.id} at ${momentText(checkpoint.triggeredAt)}: ${outcome}`;
}

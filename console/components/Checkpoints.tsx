import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import { durationText } from '../ui/duration-text.ts';
import { bytesText, countText } from '../ui/number-text.ts';
import { CheckpointStrip } from './CheckpointStrip.tsx';

interface CheckpointsProps {
  readonly metrics: DeploymentMetrics | undefined;
  readonly interval: string;
}

/** The latest checkpoints of the running job, and how the last one went. */
export function Checkpoints({ metrics, interval }: CheckpointsProps) {
  return (
    <Container fitHeight header={<Header variant="h2">Checkpoints</Header>}>
      {metrics === undefined || metrics.checkpoints.length === 0 ? (
        <Box color="text-status-inactive">
          A running job takes one every {interval}; they and their times show here.
        </Box>
      ) : (
        <SpaceBetween size="m">
          <div>
            <CheckpointStrip checkpoints={metrics.checkpoints} />
            <p className="legend">
              <span>Every {interval}; as tall as they were long.</span> {legend('completed', 'checkpoint')}{' '}
              {legend('savepoint', 'savepoint')} {legend('failed', 'failed')}
            </p>
          </div>
          <KeyValuePairs columns={4} minColumnWidth={90} items={facts(metrics)} />
        </SpaceBetween>
      )}
    </Container>
  );
}

function legend(look: string, text: string) {
  return (
    <span>
      <i className={look} /> {text}
    </span>
  );
}

function facts({ lastCheckpoint, checkpointsCompleted, checkpointsFailed }: DeploymentMetrics) {
  return [
    { label: 'Last took', value: durationText(lastCheckpoint?.durationMs) },
    { label: 'Size', value: bytesText(lastCheckpoint?.sizeBytes) },
    { label: 'Completed', value: countText(checkpointsCompleted) },
    { label: 'Failed', value: countText(checkpointsFailed) },
  ];
}

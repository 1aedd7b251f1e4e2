import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import type { RestartStrategy } from '#contract/resources/recovery.ts';

/** How state is kept and what happens after faults, as the spec has it. */
export function SpecFacts({ spec }: { readonly spec: DeploymentSpec }) {
  const { checkpointing, recovery, restoreTolerance } = spec;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Restore strategy', value: spec.restoreStrategy.kind },
        { label: 'Tolerated at a restore', value: toleranceText(restoreTolerance) },
        { label: 'State backend', value: spec.stateBackend },
        { label: 'Checkpoint interval', value: spec.checkpointInterval },
        { label: 'Pause between checkpoints', value: checkpointing.minPause ?? 'none' },
        { label: 'Checkpoint timeout', value: checkpointing.timeout },
        { label: 'Tolerable failed checkpoints', value: String(checkpointing.tolerableFailures) },
        { label: 'Retained checkpoints', value: String(checkpointing.retained) },
        { label: 'Barriers overtake after', value: checkpointing.alignedTimeout ?? 'never' },
        { label: 'Restart strategy', value: restartText(recovery.restart) },
        { label: 'Restarts before the job fails', value: String(spec.limits.maxRestarts) },
        {
          label: 'Poison records',
          value:
            recovery.poisonRecords.policy === 'fail'
              ? 'fail the job'
              : `set aside after ${recovery.poisonRecords.faults} faults`,
        },
      ]}
    />
  );
}

function toleranceText({ allowNonRestoredState, renames }: DeploymentSpec['restoreTolerance']): string {
  const renamed = Object.entries(renames).map(([from, to]) => `${from} → ${to}`);
  const all = [...(allowNonRestoredState ? ['non-restored state'] : []), ...renamed];
  return all.length === 0 ? 'nothing' : all.join(', ');
}

function restartText(restart: RestartStrategy): string {
  switch (restart.strategy) {
    case 'none':
      return 'none';
    case 'fixed-delay':
      return `${restart.attempts} times, ${restart.delay} apart`;
    case 'exponential-delay':
      return `exponential, ${restart.initialDelay} to ${restart.maxDelay}`;
    case 'failure-rate':
      return `up to ${restart.maxFailures} failures in ${restart.interval}`;
  }
}

import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { useRead } from '../api/use-read.ts';
import { line } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';
import { JsonView } from '../ui/JsonView.tsx';

/** A deployment target: what it is made of, what its jobs may use, and what specs get there. */
export function TargetPage() {
  const { name = '' } = useParams();
  const { data, error } = useRead('getTarget', { params: { target: name } });
  if (data === undefined) return error === null ? <Spinner size="large" /> : <ProblemAlert error={error} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={data.description}>
        {data.name}
      </Header>
      <TargetFacts target={data} />
      <SpaceBetween size="s">
        <Header variant="h2" description="What every spec gets here, below what the deployment itself says.">
          Overlay
        </Header>
        <JsonView value={data.overlay} label="Overlay of the target" />
      </SpaceBetween>
      <SpaceBetween size="s">
        <Header variant="h2" description="What placeholders such as {{config.table}} stand for here.">
          Values of placeholders
        </Header>
        <JsonView value={data.config} label="Values of placeholders" />
      </SpaceBetween>
      <CommandLine command={line(['target', 'get', name])} />
    </SpaceBetween>
  );
}

function TargetFacts({ target }: { readonly target: DeploymentTarget }) {
  const { region, account, cluster, taskDefinition, network, capacity, quota } = target;
  const own = 'the platform’s own';
  const limit = (value: number | null): string => (value === null ? 'no limit' : String(value));
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Region', value: region ?? own },
        { label: 'Account', value: account?.roleArn ?? own },
        { label: 'Cluster', value: cluster ?? own },
        { label: 'Task definition', value: taskDefinition ?? own },
        { label: 'Subnets', value: network?.subnets.join(', ') ?? own },
        { label: 'Capacity', value: capacity },
        { label: 'Jobs at most', value: limit(quota.maxJobs) },
        { label: 'vCPU at most', value: limit(quota.maxCpu) },
      ]}
    />
  );
}

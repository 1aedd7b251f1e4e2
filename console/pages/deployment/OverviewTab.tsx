import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import { useMetrics } from '../../api/deployments.ts';
import { namespace } from '../../api/namespace.ts';
import { useRead } from '../../api/use-read.ts';
import { Checkpoints } from '../../components/Checkpoints.tsx';
import { DataflowGraph } from '../../components/DataflowGraph.tsx';
import { DeploymentFacts } from '../../components/DeploymentFacts.tsx';
import { DeploymentFigures } from '../../components/DeploymentFigures.tsx';
import { isRestarting, liveMetrics } from '../../components/LiveCells.tsx';
import { TaskDetails } from '../../components/TaskDetails.tsx';
import { findTask } from '../../components/task-graph.ts';
import { UndecodableRecords } from '../../components/UndecodableRecords.tsx';
import { LowerPanel } from '../../ui/LowerPanel.tsx';
import { usePageDeployment } from './page-deployment.ts';

/** The first look: figures, graph, checkpoints, what is wanted. */
export function OverviewTab() {
  const deployment = usePageDeployment();
  const query = useMetrics(deployment);
  const metrics = liveMetrics(deployment, query);
  const undecodable = metrics?.undecodableRecords ?? 0;
  return (
    <SpaceBetween size="m">
      {metrics !== undefined && isRestarting(metrics.jobState) ? (
        <Alert type="warning" header="The job is restarting">
          It fails again and again: restart {metrics.restarts} of at most {deployment.spec.limits.maxRestarts}
          . After the last one the deployment fails, with the cause.
        </Alert>
      ) : null}
      <DeploymentFigures deployment={deployment} metrics={metrics} readAt={query.dataUpdatedAt} />
      <GraphSection deployment={deployment} metrics={metrics} />
      {undecodable > 0 ? <UndecodableRecords deployment={deployment.name} count={undecodable} /> : null}
      <div className="columns">
        <Checkpoints metrics={metrics} interval={deployment.spec.checkpointInterval} />
        <DeploymentFacts deployment={deployment} />
      </div>
    </SpaceBetween>
  );
}

interface SectionProps {
  readonly deployment: Deployment;
  readonly metrics: DeploymentMetrics | undefined;
}

function GraphSection({ deployment, metrics }: SectionProps) {
  const { application, version, parallelism } = deployment.spec;
  // A version never changes, so it is read once.
  const { data } = useRead(
    'getApplicationVersion',
    { params: { namespace, application, version: String(version) } },
    { everyMs: 0 },
  );
  const [search, setSearch] = useSearchParams();
  const selected = search.get('task') ?? undefined;
  const select = useCallback(
    (id: string | undefined) => setSearch(id === undefined ? {} : { task: id }, { replace: true }),
    [setSearch],
  );
  const close = useCallback(() => select(undefined), [select]);
  if (data === undefined) return <div className="graph loading" aria-hidden="true" />;
  const operators = metrics?.operators ?? [];
  const task =
    selected === undefined
      ? undefined
      : findTask(
          data.graph,
          operators.map((operator) => operator.vertexId),
          selected,
        );
  return (
    <>
      <DataflowGraph
        graph={data.graph}
        metrics={operators}
        parallelism={parallelism}
        selected={selected}
        onSelect={select}
      />
      {task === undefined ? null : (
        <LowerPanel title={task.operators.map((operator) => operator.name).join(' → ')} onClose={close}>
          <TaskDetails
            configuration={deployment.spec.configuration}
            task={task}
            metrics={operators.find((operator) => operator.vertexId === task.id)}
          />
        </LowerPanel>
      )}
    </>
  );
}

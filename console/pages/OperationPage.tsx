import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import type { Operation } from '#contract/resources/operation.ts';
import { namespace } from '../api/namespace.ts';
import { useRead } from '../api/use-read.ts';
import { line } from '../components/cli-line.ts';
import { Differences } from '../components/Differences.tsx';
import { OperationPanel, operationTitle } from '../components/OperationPanel.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { RestoredFrom } from '../components/RestoredFrom.tsx';
import { shortId } from '../components/short-id.ts';
import { VerdictView } from '../components/VerdictView.tsx';
import { durationText } from '../ui/duration-text.ts';
import { Moment } from '../ui/Age.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';
import { CopyText } from '../ui/CopyText.tsx';
import { Go } from '../ui/Go.tsx';

/** One operation, from its plan to its end. */
export function OperationPage() {
  const { id = '' } = useParams();
  const { data, error } = useRead('getOperation', { params: { namespace, operation: id } });
  if (data === undefined) return error === null ? <Spinner size="large" /> : <ProblemAlert error={error} />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1" description={<Go to={paths.deployment(data.deployment)}>{data.deployment}</Go>}>
        {operationTitle(data)} {data.deployment}
      </Header>
      <OperationPanel operation={data} detailed />
      <OperationFacts operation={data} />
      {data.plan.verdict ? <VerdictView verdict={data.plan.verdict} /> : null}
      {(data.plan.changes ?? []).length === 0 ? null : (
        <Differences changes={data.plan.changes} label="Changes of the spec" />
      )}
      <CommandLine command={line(['operation', 'get', data.id, '-o', 'json'])} />
    </SpaceBetween>
  );
}

function OperationFacts({ operation }: { readonly operation: Operation }) {
  const { plan, savepointId } = operation;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Id', value: <CopyText text={operation.id} what="operation id" /> },
        { label: 'Asked for', value: <Moment at={operation.createdAt} /> },
        { label: 'Ended', value: <Moment at={operation.endedAt} /> },
        {
          label: 'Savepoint',
          value:
            savepointId === null ? (
              '–'
            ) : (
              <CopyText text={savepointId} short={shortId(savepointId)} what="savepoint id" />
            ),
        },
        { label: 'Began with', value: plan.restore === null ? '–' : <RestoredFrom from={plan.restore} /> },
        { label: 'Pause', value: durationText(operation.pauseMs) },
        {
          label: 'Followed by',
          value:
            operation.followedBy === null || operation.followedBy === undefined ? (
              '–'
            ) : (
              <Go to={paths.operation(operation.followedBy)}>{shortId(operation.followedBy)}</Go>
            ),
        },
        { label: 'Gave up', value: plan.losses.length === 0 ? 'nothing' : plan.losses.join(' ') },
      ]}
    />
  );
}

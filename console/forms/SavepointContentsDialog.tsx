import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { SavepointContents } from '#contract/resources/savepoint-contents.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { deploymentParams } from '../api/deployments.ts';
import { useRead } from '../api/use-read.ts';
import { line } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { shortId } from '../components/short-id.ts';
import { VerdictView } from '../components/VerdictView.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';
import { bytesText, countText } from '../ui/number-text.ts';

interface ContentsProps {
  readonly savepoint: Savepoint;
  readonly onClose: () => void;
}

/** What a savepoint holds, what it can be restored into, and how to take it along. */
export function SavepointContentsDialog({ savepoint, onClose }: ContentsProps) {
  const { id, deployment } = savepoint;
  const input = { params: { ...deploymentParams(deployment).params, savepoint: id } };
  const contents = useRead('getSavepointContents', input, { everyMs: 0 });
  const verdict = useRead('judgeSavepoint', input, { everyMs: 0 });
  return (
    <Modal
      visible
      size="large"
      closeAriaLabel="Close"
      header={`Savepoint ${shortId(id)}`}
      onDismiss={onClose}
    >
      <SpaceBetween size="l">
        {verdict.data === undefined ? null : <VerdictView verdict={verdict.data} />}
        {contents.error === null ? null : <ProblemAlert error={contents.error} />}
        {contents.isPending ? <Spinner /> : null}
        {contents.data === undefined ? null : <Contents contents={contents.data} />}
        <Box variant="p">To take it along as one file:</Box>
        <CommandLine
          command={line(['savepoint', 'export', deployment, id, `${deployment}.savepoint`])}
          label="Copy export"
        />
      </SpaceBetween>
    </Modal>
  );
}

function Contents({ contents }: { readonly contents: SavepointContents }) {
  return (
    <>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Entries', value: countText(contents.entries) },
          { label: 'Stored', value: bytesText(contents.storedBytes) },
          { label: 'Parallelism', value: String(contents.parallelism) },
          { label: 'Max parallelism', value: String(contents.restoresInto.maxParallelism) },
        ]}
      />
      <Table
        variant="embedded"
        contentDensity="compact"
        items={contents.operators.filter(({ entries, splits }) => entries > 0 || splits.length > 0)}
        trackBy="id"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Operators of the savepoint' }}
        empty="It holds no state."
      />
    </>
  );
}

const columns: TableProps.ColumnDefinition<SavepointContents['operators'][number]>[] = [
  { id: 'operator', header: 'Operator', isRowHeader: true, cell: ({ name }) => name },
  {
    id: 'states',
    header: 'States',
    cell: ({ states, splits }) =>
      [...states.map(({ name }) => name), ...(splits.length > 0 ? [`${splits.length} positions`] : [])].join(
        ', ',
      ),
  },
  {
    id: 'entries',
    header: 'Entries',
    cell: ({ entries }) => <span className="num">{countText(entries)}</span>,
  },
  {
    id: 'size',
    header: 'Stored',
    cell: ({ storedBytes }) => <span className="num">{bytesText(storedBytes)}</span>,
  },
];

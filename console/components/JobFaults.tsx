import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { DeadLetter, FaultGroup } from '#contract/resources/faults.ts';
import { deploymentParams } from '../api/deployments.ts';
import { useRead } from '../api/use-read.ts';
import { Moment } from '../ui/Age.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';
import { countText } from '../ui/number-text.ts';
import { line } from './cli-line.ts';

/** What went wrong in the running job, and the records that it goes on without. */
export function JobFaults({ deployment }: { readonly deployment: string }) {
  const faults = useRead('listFaults', deploymentParams(deployment));
  const letters = useRead('listDeadLetters', deploymentParams(deployment));
  const setAside = letters.data?.items ?? [];
  return (
    <>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={faults.data?.groups ?? []}
        loading={faults.isPending}
        loadingText="Reading faults"
        trackBy="fingerprint"
        header={<Header variant="h3">Faults</Header>}
        empty="The job has had no fault."
        ariaLabels={{ tableLabel: 'Faults' }}
        columnDefinitions={faultColumns}
      />
      {setAside.length === 0 ? null : (
        <Table
          variant="borderless"
          contentDensity="compact"
          wrapLines
          items={setAside}
          trackBy="id"
          header={
            <Header variant="h3" description="Set aside after the same fault again and again.">
              Dead letters
            </Header>
          }
          ariaLabels={{ tableLabel: 'Dead letters' }}
          columnDefinitions={letterColumns}
          footer={<CommandLine command={line(['dead-letter', 'replay', deployment, '--all'])} />}
        />
      )}
    </>
  );
}

const faultColumns: TableProps.ColumnDefinition<FaultGroup>[] = [
  { id: 'last', header: 'Last', cell: (group) => <Moment at={group.lastAt} /> },
  { id: 'count', header: 'Times', cell: (group) => countText(group.count) },
  { id: 'since', header: 'Since', cell: (group) => <Moment at={group.firstAt} /> },
  { id: 'operator', header: 'Operator', cell: (group) => group.operator ?? '–' },
  { id: 'message', header: 'Fault', cell: (group) => `${group.name}: ${group.message}` },
];

const letterColumns: TableProps.ColumnDefinition<DeadLetter>[] = [
  { id: 'at', header: 'Set aside', cell: (letter) => <Moment at={letter.setAsideAt} /> },
  { id: 'status', header: 'Status', cell: (letter) => letter.status },
  { id: 'operator', header: 'Operator', cell: (letter) => letter.fault.operator ?? '–' },
  { id: 'record', header: 'Record', cell: (letter) => <code>{letter.fault.record ?? '–'}</code> },
  { id: 'fault', header: 'Fault', cell: (letter) => letter.fault.message },
];

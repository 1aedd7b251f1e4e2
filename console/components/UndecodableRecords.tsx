import Alert from '@cloudscape-design/components/alert';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { UndecodableRecord } from '#contract/resources/metrics.ts';
import { deploymentParams } from '../api/deployments.ts';
import { useRead } from '../api/use-read.ts';
import { Moment } from '../ui/Age.tsx';
import { countText } from '../ui/number-text.ts';

interface UndecodableRecordsProps {
  readonly deployment: string;
  readonly count: number;
}

/** The latest records that could not be decoded; they are kept aside and never reach the stream. */
export function UndecodableRecords({ deployment, count }: UndecodableRecordsProps) {
  const records = useRead('listUndecodableRecords', deploymentParams(deployment));
  return (
    <section id="undecodable-records" aria-label="Undecodable records">
      <Alert type="warning" header={`${countText(count)} records could not be decoded`}>
        They are counted and kept aside; the stream goes on without them. The latest:
        <Table
          variant="embedded"
          contentDensity="compact"
          wrapLines
          items={records.data?.items ?? []}
          loading={records.isPending}
          loadingText="Reading records"
          empty="None of them is at hand any more."
          trackBy={(record) => `${record.split} ${record.position}`}
          columnDefinitions={columns}
        />
      </Alert>
    </section>
  );
}

const columns: TableProps.ColumnDefinition<UndecodableRecord>[] = [
  { id: 'at', header: 'Time', cell: (record) => <Moment at={record.at} />, width: 170 },
  {
    id: 'position',
    header: 'Position',
    cell: (record) => `${record.split} @ ${record.position}`,
    width: 220,
  },
  { id: 'reason', header: 'Reason', cell: (record) => record.reason, width: 260 },
  { id: 'preview', header: 'Begins with', cell: (record) => <code>{record.preview}</code> },
];

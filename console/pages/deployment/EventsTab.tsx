import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { EventName } from '#contract/event-names.ts';
import type { Event } from '#contract/resources/event.ts';
import { deploymentParams } from '../../api/deployments.ts';
import { useList } from '../../api/use-list.ts';
import { Actor } from '../../components/Actor.tsx';
import { line } from '../../components/cli-line.ts';
import { MoreButton } from '../../components/MoreButton.tsx';
import { paths } from '../../components/paths.ts';
import { shortId } from '../../components/short-id.ts';
import { Moment } from '../../ui/Age.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { Go } from '../../ui/Go.tsx';
import { Teaching } from '../../ui/Teaching.tsx';
import { useSearchFilter } from '../../ui/use-search-filter.ts';
import { usePageDeployment } from './page-deployment.ts';

/** The append-only log of a deployment, newest first. */
export function EventsTab() {
  const { name } = usePageDeployment();
  const [severity, setSeverity] = useSearchFilter('severity');
  const [kind, setKind] = useSearchFilter('name');
  const list = useList('listEvents', {
    ...deploymentParams(name),
    query: {
      ...chosenOf('severity', severities, severity),
      ...chosenOf('name', names, kind),
    },
  });
  const filtered = severity !== undefined || kind !== undefined;
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      items={list.items}
      loading={list.isPending}
      loadingText="Reading events"
      trackBy="id"
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: 'Event log' }}
      header={
        <Header
          variant="h2"
          description="Every change of what is wanted and every observed transition, newest first."
        >
          Event log
        </Header>
      }
      filter={
        <div className="filters">
          <FilterSelect
            label="Severity"
            all="Every severity"
            values={severities}
            value={severity}
            onChange={setSeverity}
          />
          <FilterSelect label="Event" all="Every event" values={names} value={kind} onChange={setKind} />
        </div>
      }
      empty={
        filtered ? (
          'No event matches the filters.'
        ) : (
          <Teaching
            title="Nothing has happened yet"
            sentence="The log follows from the terminal, too:"
            commands={[line(['events', name])]}
          />
        )
      }
      footer={<MoreButton list={list} what="events" />}
    />
  );
}

const severities = ['info', 'warning', 'error'] as const;
const names = EventName.options;

/** A member of the query where a known value is asked for; the address may hold any. */
function chosenOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  asked: string | undefined,
): { readonly [N in Name]?: Value } {
  const value = values.find((one) => one === asked);
  // An object with one computed member is typed by any name.
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}

const columns: TableProps.ColumnDefinition<Event>[] = [
  { id: 'at', header: 'Time', width: 170, cell: (event) => <Moment at={event.at} /> },
  {
    id: 'message',
    header: 'Event',
    minWidth: 280,
    cell: (event) => <Sentence event={event} />,
  },
  { id: 'change', header: 'Change', width: 230, cell: (event) => <Change event={event} /> },
  { id: 'actor', header: 'By', width: 170, cell: (event) => <Actor actor={event.actor} /> },
  {
    id: 'operation',
    header: 'Operation',
    width: 120,
    cell: ({ operationId }) =>
      operationId === null ? '–' : <Go to={paths.operation(operationId)}>{shortId(operationId)}</Go>,
  },
];

function Sentence({ event }: { readonly event: Event }) {
  const { severity, message } = event;
  if (severity === 'info') return <>{message}</>;
  // The sentence stands beside the indicator, not in it: the kit would break its words anywhere.
  return (
    <span className={severity}>
      <StatusIndicator type={severity} iconAriaLabel={severity} /> {message}
    </span>
  );
}

function Change({ event }: { readonly event: Event }) {
  if (event.before === null && event.after === null) return <>–</>;
  return (
    <span className="change">
      {event.before ?? 'nothing'} <span aria-label="becomes">→</span> <b>{event.after ?? 'nothing'}</b>
    </span>
  );
}

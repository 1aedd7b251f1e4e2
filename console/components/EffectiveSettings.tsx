import Badge from '@cloudscape-design/components/badge';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import { FilterSelect } from '../ui/FilterSelect.tsx';
import { valueText } from './Differences.tsx';
import { effectiveValues, type EffectiveValue } from './effective-values.ts';

const levels = ['deployment', 'target', 'namespace', 'global', 'built-in'] as const;

/** Every value in effect and where it comes from. */
export function EffectiveSettings({ deployment }: { readonly deployment: Deployment }) {
  const [text, setText] = useState('');
  const [level, setLevel] = useState<string>();
  const shown = effectiveValues(deployment).filter(
    ({ pointer, origin }) =>
      (level === undefined || origin === level) && pointer.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      items={shown}
      trackBy="pointer"
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: 'Values in effect' }}
      filter={
        <div className="filters">
          <TextFilter
            filteringText={text}
            filteringPlaceholder="Find a setting"
            filteringAriaLabel="Find a setting"
            onChange={({ detail }) => setText(detail.filteringText)}
          />
          <FilterSelect
            label="Where it comes from"
            all="From every level"
            values={levels}
            value={level}
            onChange={setLevel}
          />
        </div>
      }
      empty="No setting matches."
    />
  );
}

const columns: TableProps.ColumnDefinition<EffectiveValue>[] = [
  {
    id: 'setting',
    header: 'Setting',
    isRowHeader: true,
    cell: ({ pointer }) => <code>{pointer.slice(1).replaceAll('/', '.')}</code>,
  },
  { id: 'value', header: 'In effect', cell: ({ value }) => <span className="num">{valueText(value)}</span> },
  {
    id: 'origin',
    header: 'From',
    cell: ({ origin }) =>
      origin === 'built-in' ? (
        <span className="muted">built in</span>
      ) : (
        <Badge color={origin === 'deployment' ? 'grey' : 'blue'}>{origin}</Badge>
      ),
  },
];

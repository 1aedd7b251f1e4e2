import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useState } from 'react';
import type { Deployment, RestoreStrategy } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { useSavepoints } from '../api/deployments.ts';
import type { VerbInput } from '../api/use-verb.ts';
import { shortId } from '../components/short-id.ts';
import { momentText } from '../ui/time-text.ts';

interface RestoreFieldProps {
  readonly deployment: Deployment;
  readonly onChange: (input: VerbInput) => void;
}

const words: Readonly<Record<RestoreStrategy['kind'], string>> = {
  'latest-state': 'the newest savepoint or checkpoint',
  'latest-savepoint': 'the newest savepoint',
  savepoint: 'one savepoint',
  none: 'empty state',
};

/** Which state to begin from: the deployment's own strategy, or another for this start only. */
export function RestoreField({ deployment, onChange }: RestoreFieldProps) {
  const savepoints = useSavepoints(deployment.name).items.filter(
    (savepoint) => savepoint.state === 'completed',
  );
  const asConfigured = { value: '', label: `As configured: ${words[deployment.spec.restoreStrategy.kind]}` };
  const [selected, setSelected] = useState<SelectProps.Option>(asConfigured);
  return (
    <FormField label="Begin from">
      <Select
        selectedOption={selected}
        options={[
          asConfigured,
          ...strategies,
          { label: 'A savepoint', options: savepoints.map(savepointOption) },
        ]}
        onChange={({ detail }) => {
          setSelected(detail.selectedOption);
          onChange(inputOf(detail.selectedOption.value ?? ''));
        }}
      />
    </FormField>
  );
}

const strategies = (['latest-state', 'latest-savepoint', 'none'] as const).map((kind) => ({
  value: kind,
  label: words[kind].charAt(0).toUpperCase() + words[kind].slice(1),
}));

function savepointOption(savepoint: Savepoint): SelectProps.Option {
  return {
    value: savepoint.id,
    label: `${momentText(savepoint.createdAt)} · ${savepoint.origin}`,
    labelTag: shortId(savepoint.id),
    description: savepoint.description,
  };
}

function inputOf(value: string): VerbInput {
  switch (value) {
    case '':
      return {};
    case 'latest-state':
    case 'latest-savepoint':
    case 'none':
      return { restoreStrategy: { kind: value } };
    default:
      return { restoreStrategy: { kind: 'savepoint', savepointId: value } };
  }
}

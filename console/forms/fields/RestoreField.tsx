import type { RestoreStrategy } from '#contract/resources/deployment.ts';
import { useSavepoints } from '../../api/deployments.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { savepointOption } from './savepoint-option.ts';
import { SelectField } from './SelectField.tsx';
import { TimeField } from './TimeField.tsx';
import { withMember } from './with-member.ts';

const words: Readonly<Record<RestoreStrategy['kind'], string>> = {
  'latest-state': 'the newest savepoint or checkpoint',
  'latest-savepoint': 'the newest savepoint',
  savepoint: 'one savepoint',
  none: 'empty state',
};

/** Which state to begin from: the deployment's own strategy, or another for this start only; and from which time on. */
export function RestoreField({ deployment, input, onChange }: FieldsProps) {
  const list = useSavepoints(deployment.name);
  const savepoints = list.items.filter(({ state }) => state === 'completed').map(savepointOption);
  const { restoreStrategy: chosen } = input;
  return (
    <>
      <SelectField
        label="Begin from"
        options={[
          { value: '', label: `As configured: ${words[deployment.spec.restoreStrategy.kind]}` },
          ...strategies,
          ...savepoints,
        ]}
        value={chosen?.kind === 'savepoint' ? chosen.savepointId : (chosen?.kind ?? '')}
        onChange={(value) => onChange(withMember(input, 'restoreStrategy', strategyOf(value)))}
      />
      <TimeField
        label="Sources begin at"
        description="Optional: processes records again from this time on, instead of going on where the state stands."
        value={input.startAt}
        onChange={(at) => onChange(withMember(input, 'startAt', at))}
      />
    </>
  );
}

const strategies = (['latest-state', 'latest-savepoint', 'none'] as const).map((kind) => ({
  value: kind,
  label: words[kind].charAt(0).toUpperCase() + words[kind].slice(1),
}));

function strategyOf(value: string): RestoreStrategy | undefined {
  switch (value) {
    case '':
      return undefined;
    case 'latest-state':
    case 'latest-savepoint':
    case 'none':
      return { kind: value };
    default:
      return { kind: 'savepoint', savepointId: value };
  }
}

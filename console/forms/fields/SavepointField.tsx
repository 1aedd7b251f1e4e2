import { useSavepoints } from '../../api/deployments.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { savepointOption } from './savepoint-option.ts';
import { SelectField } from './SelectField.tsx';
import { withMember } from './with-member.ts';

interface SavepointFieldProps extends FieldsProps {
  readonly label: string;
  /** What it means to choose none, where that is possible. */
  readonly none?: string;
}

/** One of the completed savepoints of the deployment. */
export function SavepointField({ deployment, input, onChange, label, none }: SavepointFieldProps) {
  const list = useSavepoints(deployment.name);
  const completed = list.items.filter(({ state }) => state === 'completed').map(savepointOption);
  return (
    <SelectField
      label={label}
      options={none === undefined ? completed : [{ value: '', label: none }, ...completed]}
      loading={list.isPending}
      placeholder="Choose a savepoint"
      empty="The deployment has no completed savepoint."
      value={input.savepointId ?? ''}
      onChange={(id) => onChange(withMember(input, 'savepointId', id === '' ? undefined : id))}
    />
  );
}

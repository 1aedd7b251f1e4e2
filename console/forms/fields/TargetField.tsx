import { useList } from '../../api/use-list.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { SelectField } from './SelectField.tsx';
import { withMember } from './with-member.ts';

/** Where it runs from now on. */
export function TargetField({ deployment, input, onChange }: FieldsProps) {
  const list = useList('listTargets', {});
  const others = list.items.filter(({ name }) => name !== deployment.spec.target);
  return (
    <SelectField
      label="Deployment target"
      description={`Now ${deployment.spec.target}.`}
      options={others.map(({ name, region, description }) => ({
        value: name,
        label: name,
        labelTag: region ?? '',
        description,
      }))}
      loading={list.isPending}
      placeholder="Choose a target"
      empty="There is no other target."
      value={input.target}
      onChange={(target) => onChange(withMember(input, 'target', target))}
    />
  );
}

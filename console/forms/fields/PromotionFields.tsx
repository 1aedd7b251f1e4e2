import { namespace } from '../../api/namespace.ts';
import { useList } from '../../api/use-list.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { GateFields } from './GateFields.tsx';
import { ReasonField } from './ReasonField.tsx';
import { SelectField } from './SelectField.tsx';
import { withMember } from './with-member.ts';

/** Which deployment gets the version that runs here. */
export function PromotionFields({ deployment, input, onChange }: FieldsProps) {
  const { application } = deployment.spec;
  const list = useList('listDeployments', { params: { namespace }, query: { application } });
  const others = list.items.filter(({ id }) => id !== deployment.id);
  const chosen = others.find(({ name }) => name === input.promoteTo);
  return (
    <>
      <SelectField
        label="Promote to"
        description={`It gets v${deployment.spec.version} of ${application}, with its own configuration and its own state.`}
        options={others.map(({ name, spec, status }) => ({
          value: name,
          label: name,
          labelTag: `v${spec.version}`,
          description: status.state,
        }))}
        loading={list.isPending}
        placeholder="Choose a deployment"
        empty={`No other deployment runs ${application}.`}
        value={input.promoteTo}
        onChange={(name) => onChange(withMember(input, 'promoteTo', name))}
      />
      <ReasonField input={input} onChange={onChange} />
      <GateFields configured={chosen?.spec.upgradeStrategy?.gate} input={input} onChange={onChange} />
    </>
  );
}

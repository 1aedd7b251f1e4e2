import { deploymentParams } from '../../api/deployments.ts';
import { useList } from '../../api/use-list.ts';
import { momentText } from '../../ui/time-text.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { SelectField } from './SelectField.tsx';
import { withMember } from './with-member.ts';

/** Which revision of the spec to return to. */
export function RevisionField({ deployment, input, onChange }: FieldsProps) {
  const list = useList('listRevisions', deploymentParams(deployment.name));
  const revisions = list.items.map((revision) => ({
    value: String(revision.number),
    label: `Revision ${revision.number} · v${String(revision.stated['version'] ?? '–')}`,
    labelTag: momentText(revision.createdAt),
    description: revision.reason,
    disabled: revision.number === deployment.specRevision,
  }));
  return (
    <SelectField
      label="Return to"
      options={[{ value: '', label: 'What the job ran before its last change' }, ...revisions]}
      loading={list.isPending}
      value={input.revision === undefined ? '' : String(input.revision)}
      onChange={(value) => onChange(withMember(input, 'revision', value === '' ? undefined : Number(value)))}
    />
  );
}

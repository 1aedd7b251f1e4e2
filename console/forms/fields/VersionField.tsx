import { namespace } from '../../api/namespace.ts';
import { useList } from '../../api/use-list.ts';
import { momentText } from '../../ui/time-text.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { SelectField } from './SelectField.tsx';
import { withMember } from './with-member.ts';

/** A version of the application, or the one that the deployment has. */
export function VersionField({ deployment, input, onChange }: FieldsProps) {
  const { application, version: current } = deployment.spec;
  const list = useList('listApplicationVersions', { params: { namespace, application } });
  const others = list.items.filter(({ version, retiredAt }) => version !== current && !retiredAt);
  return (
    <SelectField
      label="Version"
      options={[
        { value: '', label: `v${current}, as it is` },
        ...others.map(({ version, tag, createdAt, commit, author }) => ({
          value: String(version),
          label: tag === null ? `v${version}` : `v${version} · ${tag}`,
          labelTag: momentText(createdAt),
          description: [commit?.slice(0, 10), author].filter(Boolean).join(' by '),
        })),
      ]}
      loading={list.isPending}
      value={input.version === undefined ? '' : String(input.version)}
      onChange={(value) => onChange(withMember(input, 'version', value === '' ? undefined : Number(value)))}
    />
  );
}

import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import type { FieldsProps } from '../VerbFields.tsx';

/** What becomes of the savepoints. */
export function DeletionField({ input, onChange }: FieldsProps) {
  const { deletion = {} } = input;
  return (
    <FormField label="Its savepoints">
      <RadioGroup
        value={deletion.savepoints ?? 'keep'}
        items={[
          { value: 'keep', label: 'stay, also when the deployment is gone' },
          {
            value: 'delete',
            label: `go with it${deletion.purge === true ? '' : ', after the time in which the deletion can be undone'}`,
          },
        ]}
        onChange={({ detail }) =>
          onChange({
            ...input,
            deletion: { ...deletion, savepoints: detail.value === 'delete' ? 'delete' : 'keep' },
          })
        }
      />
    </FormField>
  );
}

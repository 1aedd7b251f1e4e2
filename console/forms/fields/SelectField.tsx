import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';

interface SelectFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly options: readonly SelectProps.Option[];
  readonly loading?: boolean;
  /** Shown while nothing is chosen. */
  readonly placeholder?: string;
  readonly empty?: string;
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}

/** One of several: chosen by its value. */
export function SelectField(props: SelectFieldProps) {
  const { label, description, options, loading = false, placeholder, empty, value, onChange } = props;
  return (
    <FormField label={label} {...(description === undefined ? {} : { description })}>
      <Select
        selectedOption={options.find((option) => option.value === value) ?? null}
        options={options}
        expandToViewport
        filteringType={options.length > 8 ? 'auto' : 'none'}
        statusType={loading ? 'loading' : 'finished'}
        empty={empty ?? 'There is none.'}
        {...(placeholder === undefined ? {} : { placeholder })}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

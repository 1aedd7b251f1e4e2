import Select from '@cloudscape-design/components/select';

interface FilterSelectProps {
  readonly label: string;
  /** What it says while everything is shown. */
  readonly all: string;
  readonly values: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Narrows a list to one value of a field. */
export function FilterSelect({ label, all, values, value, onChange }: FilterSelectProps) {
  const options = [{ value: '', label: all }, ...values.map((one) => ({ value: one, label: one }))];
  return (
    <Select
      ariaLabel={label}
      options={options}
      expandToViewport
      filteringType={values.length > 10 ? 'auto' : 'none'}
      selectedOption={options.find((option) => option.value === (value ?? '')) ?? null}
      onChange={({ detail }) => onChange(detail.selectedOption.value || undefined)}
    />
  );
}

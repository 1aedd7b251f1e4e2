import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';

interface TextFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly fault?: string;
  readonly value: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A line of text. */
export function TextField({ label, description, placeholder, fault, value, onChange }: TextFieldProps) {
  return (
    <FormField
      label={label}
      {...(description === undefined ? {} : { description })}
      {...(fault === undefined ? {} : { errorText: fault })}
    >
      <Input
        value={value ?? ''}
        {...(placeholder === undefined ? {} : { placeholder })}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}

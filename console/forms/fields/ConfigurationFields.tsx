import { isJsonObject } from '#contract/json-object.ts';
import { namespace } from '../../api/namespace.ts';
import { useRead } from '../../api/use-read.ts';
import { SelectField } from './SelectField.tsx';
import { TextField } from './TextField.tsx';

type Configuration = Readonly<Record<string, unknown>>;

interface ConfigurationFieldsProps {
  readonly application: string;
  readonly version: number;
  readonly configuration: Configuration;
  readonly onChange: (configuration: Configuration) => void;
}

/** A field for each simple value that the version's configuration schema names. */
export function ConfigurationFields(props: ConfigurationFieldsProps) {
  const { application, version, configuration, onChange } = props;
  const { data } = useRead(
    'getApplicationVersion',
    { params: { namespace, application, version: String(version) } },
    { everyMs: 0 },
  );
  const schema = data?.configurationSchema ?? {};
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, property]) => (
    <Property
      key={name}
      name={name}
      schema={isJsonObject(property) ? property : {}}
      required={required.includes(name)}
      value={configuration[name]}
      onChange={(value) => {
        const { [name]: _, ...others } = configuration;
        onChange(value === undefined ? others : { ...others, [name]: value });
      }}
    />
  ));
}

interface PropertyProps {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** One value; what has no simple type is written in the YAML. */
function Property({ name, schema, required, value, onChange }: PropertyProps) {
  const { type, description, default: byDefault } = schema;
  const label = required ? name : `${name} (optional)`;
  const about = typeof description === 'string' ? { description } : {};
  if (type === 'boolean')
    return (
      <SelectField
        label={label}
        {...about}
        options={[
          { value: '', label: byDefault === undefined ? 'not set' : `as it is: ${String(byDefault)}` },
          { value: 'true', label: 'true' },
          { value: 'false', label: 'false' },
        ]}
        value={value === undefined ? '' : String(value)}
        onChange={(chosen) => onChange(chosen === '' ? undefined : chosen === 'true')}
      />
    );
  if (type !== 'string' && type !== 'number' && type !== 'integer') return null;
  return (
    <TextField
      label={label}
      {...about}
      {...(byDefault === undefined ? {} : { placeholder: String(byDefault) })}
      value={value === undefined ? '' : String(value)}
      onChange={(typed) => onChange(valueOf(typed, type !== 'string'))}
    />
  );
}

/** A number that is not one yet stays text, which the platform refuses with its place. */
function valueOf(typed: string, isNumber: boolean): unknown {
  if (typed === '') return undefined;
  return isNumber && !Number.isNaN(Number(typed)) ? Number(typed) : typed;
}

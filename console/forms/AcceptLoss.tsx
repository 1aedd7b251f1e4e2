import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

interface AcceptLossProps {
  readonly losses: readonly string[];
  /** The name that has to be typed, where a click is not enough. */
  readonly typedName?: string;
  readonly accepted: boolean;
  readonly onChange: (accepted: boolean) => void;
}

/** What is given up, and the acceptance without which nothing happens. */
export function AcceptLoss({ losses, typedName, accepted, onChange }: AcceptLossProps) {
  const header = typedName === undefined ? 'State is given up' : 'This deployment is protected';
  return (
    <Alert type="warning" header={header}>
      <SpaceBetween size="s">
        <div>
          {losses.map((loss) => (
            <div key={loss}>{loss}</div>
          ))}
        </div>
        {typedName === undefined ? (
          <Checkbox checked={accepted} onChange={({ detail }) => onChange(detail.checked)}>
            I accept that this is lost
          </Checkbox>
        ) : (
          <NameField name={typedName} onChange={onChange} />
        )}
      </SpaceBetween>
    </Alert>
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly onChange: (accepted: boolean) => void;
}

function NameField({ name, onChange }: NameFieldProps) {
  const [typed, setTyped] = useState('');
  return (
    <FormField label={`To accept the loss, type its name: ${name}`}>
      <Input
        value={typed}
        placeholder={name}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => {
          setTyped(detail.value);
          onChange(detail.value === name);
        }}
      />
    </FormField>
  );
}

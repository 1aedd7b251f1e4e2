import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { parseMembers } from '../parse-members.ts';

interface SpecPatchFieldProps {
  readonly onChange: (patch: Readonly<Record<string, unknown>> | undefined) => void;
  readonly onFault: (faulty: boolean) => void;
}

/** Members of the spec that change, as YAML or JSON; null takes one away, so that it is inherited again. */
export function SpecPatchField({ onChange, onFault }: SpecPatchFieldProps) {
  const [text, setText] = useState('');
  const parsed = parseMembers(text);
  const fault = 'fault' in parsed ? parsed.fault : undefined;
  return (
    <FormField
      label="Other changes of the spec"
      description="Optional, YAML or JSON: only what changes. null takes a value away, so that it is inherited again."
      {...(fault === undefined ? {} : { errorText: fault })}
    >
      <Textarea
        value={text}
        rows={4}
        spellcheck={false}
        placeholder={'parallelism: 4\nconfiguration:\n  country: DE'}
        onChange={({ detail }) => {
          setText(detail.value);
          const next = parseMembers(detail.value);
          onFault('fault' in next);
          onChange('fault' in next ? undefined : next.members);
        }}
      />
    </FormField>
  );
}

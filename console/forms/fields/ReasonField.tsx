import type { VerbInput } from '../../api/verb-input.ts';
import { TextField } from './TextField.tsx';
import { withMember } from './with-member.ts';

interface ReasonFieldProps {
  readonly input: VerbInput;
  readonly onChange: (input: VerbInput) => void;
}

/** Why it is done: kept with the operation and with the revision that it makes. */
export function ReasonField({ input, onChange }: ReasonFieldProps) {
  return (
    <TextField
      label="Reason"
      description="Optional: stays with the operation and the revision."
      value={input.reason}
      onChange={(text) => onChange(withMember(input, 'reason', text))}
    />
  );
}

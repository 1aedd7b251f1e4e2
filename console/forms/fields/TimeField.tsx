import { useState } from 'react';
import { TextField } from './TextField.tsx';

interface TimeFieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: string | undefined;
  /** The moment in ISO 8601; undefined where nothing, or no moment, is typed. */
  readonly onChange: (at: string | undefined) => void;
}

/** A moment, typed in the reader's time zone or with one of its own. */
export function TimeField({ label, description, value, onChange }: TimeFieldProps) {
  const [typed, setTyped] = useState(value ?? '');
  const isFault = typed !== '' && value === undefined;
  return (
    <TextField
      label={label}
      description={description}
      placeholder="2026-11-21 10:00"
      {...(isFault ? { fault: 'Type a moment such as 2026-11-21 10:00.' } : {})}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        const at = Date.parse(text);
        onChange(Number.isNaN(at) ? undefined : new Date(at).toISOString());
      }}
    />
  );
}

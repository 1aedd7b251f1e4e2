import type { FieldsProps } from '../VerbFields.tsx';
import { TextField } from './TextField.tsx';
import { withMember } from './with-member.ts';

/** Subtasks of every operator from now on. */
export function ParallelismField({ deployment, input, onChange }: FieldsProps) {
  const { parallelism, maxParallelism } = deployment.spec;
  return (
    <TextField
      label="Parallelism"
      description={`Now ${parallelism}; at most ${Math.min(64, maxParallelism)}.`}
      placeholder={String(parallelism)}
      value={input.parallelism === undefined ? '' : String(input.parallelism)}
      onChange={(text) => {
        const wanted = Number(text);
        const isNumber = text !== '' && Number.isInteger(wanted);
        onChange(withMember(input, 'parallelism', isNumber ? wanted : undefined));
      }}
    />
  );
}

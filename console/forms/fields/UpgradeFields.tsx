import { useCallback } from 'react';
import type { FieldsProps } from '../VerbFields.tsx';
import { GateFields } from './GateFields.tsx';
import { ReasonField } from './ReasonField.tsx';
import { SpecPatchField } from './SpecPatchField.tsx';
import { VersionField } from './VersionField.tsx';
import { withMember } from './with-member.ts';

interface UpgradeFieldsProps extends FieldsProps {
  readonly onFault: (faulty: boolean) => void;
}

/** What runs from now on, why, and what it must show. */
export function UpgradeFields({ onFault, ...fields }: UpgradeFieldsProps) {
  const { deployment, input, onChange } = fields;
  const changeSpec = useCallback(
    (spec: Readonly<Record<string, unknown>> | undefined) => onChange(withMember(input, 'spec', spec)),
    [input, onChange],
  );
  return (
    <>
      <VersionField {...fields} />
      <SpecPatchField onChange={changeSpec} onFault={onFault} />
      <ReasonField {...fields} />
      <GateFields configured={deployment.spec.upgradeStrategy?.gate} input={input} onChange={onChange} />
    </>
  );
}

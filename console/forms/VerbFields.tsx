import type { Deployment } from '#contract/resources/deployment.ts';
import type { Act, VerbInput } from '../api/verb-input.ts';
import { DeletionField } from './fields/DeletionField.tsx';
import { ForkFields } from './fields/ForkFields.tsx';
import { ParallelismField } from './fields/ParallelismField.tsx';
import { PromotionFields } from './fields/PromotionFields.tsx';
import { ReasonField } from './fields/ReasonField.tsx';
import { RestoreField } from './fields/RestoreField.tsx';
import { RevisionField } from './fields/RevisionField.tsx';
import { SavepointField } from './fields/SavepointField.tsx';
import { TargetField } from './fields/TargetField.tsx';
import { TextField } from './fields/TextField.tsx';
import { UpgradeFields } from './fields/UpgradeFields.tsx';

/** What the fields of a verb have in common: they show what is filled in and tell what changes. */
export interface FieldsProps {
  readonly deployment: Deployment;
  readonly input: VerbInput;
  readonly onChange: (input: VerbInput) => void;
}

interface VerbFieldsProps extends FieldsProps {
  readonly act: Act;
  /** Whether something is typed that cannot be sent. */
  readonly onFault: (faulty: boolean) => void;
}

/** What a verb needs to know from the one who asks for it. */
export function VerbFields({ act, onFault, ...fields }: VerbFieldsProps) {
  switch (act) {
    case 'cancel':
      return null;
    case 'start':
      return <RestoreField {...fields} />;
    case 'suspend':
    case 'drain':
    case 'savepoint':
      return <DescriptionField {...fields} />;
    case 'restart':
      return <ReasonField {...fields} />;
    case 'rescale':
      return <ParallelismField {...fields} />;
    case 'delete':
      return <DeletionField {...fields} />;
    case 'upgrade':
      return <UpgradeFields {...fields} onFault={onFault} />;
    case 'promote':
      return <PromotionFields {...fields} />;
    case 'fork':
      return <ForkFields {...fields} />;
    case 'migrate':
      return (
        <>
          <TargetField {...fields} />
          <ReasonField {...fields} />
        </>
      );
    case 'rollback':
      return (
        <>
          <RevisionField {...fields} />
          <ReasonField {...fields} />
        </>
      );
    case 'reset':
      return (
        <>
          <SavepointField {...fields} label="Reset to" />
          <ReasonField {...fields} />
        </>
      );
  }
}

function DescriptionField({ input, onChange }: FieldsProps) {
  return (
    <TextField
      label="Description of the savepoint"
      description="Optional: what you will want to know of it later."
      placeholder="before the new currency table"
      value={input.description}
      onChange={(text) => onChange(text === '' ? {} : { description: text })}
    />
  );
}

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import { verbs, type Verb } from '#contract/verbs.ts';
import { newIdempotencyKey, useCarryOut, usePlan, type VerbInput } from '../api/use-verb.ts';
import { verbLine } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { verbTitle } from '../components/verb-title.ts';
import { CommandLine } from '../ui/CommandLine.tsx';
import { PlanView } from './PlanView.tsx';
import { RestoreField } from './RestoreField.tsx';

export interface VerbDialogProps {
  readonly verb: Verb;
  readonly deployment: Deployment;
  readonly onClose: () => void;
  readonly onAccepted: () => void;
}

/** Shows what a verb will do, takes what it needs to know, and asks the platform to carry it out. */
export function VerbDialog({ verb, deployment, onClose, onAccepted }: VerbDialogProps) {
  const { name } = deployment;
  const [filled, setFilled] = useState<VerbInput>({});
  const [typedName, setTypedName] = useState('');
  const [idempotencyKey] = useState(newIdempotencyKey);
  const guarded = verb === 'cancel' && deployment.spec.protected;
  const input: VerbInput = guarded ? { acceptStateLoss: true } : filled;
  const plan = usePlan(verb, name, input);
  const carryOut = useCarryOut(verb, name);
  // A plan that says that nothing is lost spares the typing; without one the worst is assumed.
  const asksName = guarded && !plan.isPending && plan.data?.losses.length !== 0;
  const blocked = plan.isPending || (asksName && typedName !== name);
  const submit = (): void => {
    if (blocked) return;
    carryOut.mutate({ input, idempotencyKey }, { onSuccess: onAccepted });
  };
  return (
    <Modal
      visible
      size="medium"
      closeAriaLabel="Close"
      header={`${verbTitle(verb)} ${name}`}
      onDismiss={onClose}
      footer={
        <DialogFooter
          verb={verb}
          blocked={blocked}
          loading={carryOut.isPending}
          onClose={onClose}
          onSubmit={submit}
        />
      }
    >
      <form
        className="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SpaceBetween size="l">
          <Box variant="p">{verbs[verb].summary}</Box>
          {carryOut.error === null ? null : <ProblemAlert error={carryOut.error} />}
          {verb === 'start' ? <RestoreField deployment={deployment} onChange={setFilled} /> : null}
          {verb === 'suspend' || verb === 'savepoint' ? (
            <DescriptionField value={filled.description ?? ''} onChange={setFilled} />
          ) : null}
          {plan.error === null ? null : <ProblemAlert error={plan.error} />}
          <PlanView verb={verb} plan={plan.data} loading={plan.isPending} />
          {asksName ? <NameField name={name} typed={typedName} onChange={setTypedName} /> : null}
          <CommandLine command={verbLine(verb, name, input)} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}

interface DialogFooterProps {
  readonly verb: Verb;
  readonly blocked: boolean;
  readonly loading: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
}

function DialogFooter({ verb, blocked, loading, onClose, onSubmit }: DialogFooterProps) {
  // "Cancel" would mean two things in the dialog of that verb.
  const keep = verb === 'cancel' ? 'Keep it' : 'Close';
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onClose}>
          {keep}
        </Button>
        <Button variant="primary" disabled={blocked} loading={loading} onClick={onSubmit}>
          {verb === 'cancel' ? 'Cancel the deployment' : verbTitle(verb)}
        </Button>
      </SpaceBetween>
    </Box>
  );
}

interface DescriptionFieldProps {
  readonly value: string;
  readonly onChange: (input: VerbInput) => void;
}

function DescriptionField({ value, onChange }: DescriptionFieldProps) {
  return (
    <FormField
      label="Description of the savepoint"
      description="Optional: what you will want to know of it later."
    >
      <Input
        value={value}
        placeholder="before the new currency table"
        onChange={({ detail }) => onChange(detail.value === '' ? {} : { description: detail.value })}
      />
    </FormField>
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly typed: string;
  readonly onChange: (typed: string) => void;
}

function NameField({ name, typed, onChange }: NameFieldProps) {
  return (
    <Alert type="warning" header="This deployment is protected">
      <FormField label={`To accept the loss, type its name: ${name}`}>
        <Input
          value={typed}
          placeholder={name}
          autoComplete={false}
          spellcheck={false}
          onChange={({ detail }) => onChange(detail.value)}
        />
      </FormField>
    </Alert>
  );
}

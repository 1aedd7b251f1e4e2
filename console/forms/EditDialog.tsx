import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { stringify } from 'yaml';
import { differences } from '#contract/differences.ts';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useUpdate } from '../api/use-deployment-change.ts';
import { Differences } from '../components/Differences.tsx';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { AcceptLoss } from './AcceptLoss.tsx';
import { TextField } from './fields/TextField.tsx';
import { isLossRefused } from './is-loss-refused.ts';
import { mergePatchOf } from './merge-patch-of.ts';
import { parseMembers } from './parse-members.ts';

interface EditDialogProps {
  readonly deployment: Deployment;
  readonly onClose: () => void;
}

/** Edits what the deployment states, as YAML; sent as a merge patch of the revision that it was opened on. */
export function EditDialog({ deployment, onClose }: EditDialogProps) {
  const { name } = deployment;
  // What the text was made of: the page goes on reading, the text must not change under the hands.
  const [base, setBase] = useState(deployment);
  const [text, setText] = useState(() => stringify(base.stated));
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const update = useUpdate(name);
  const parsed = parseMembers(text);
  const members = 'fault' in parsed ? undefined : (parsed.members ?? {});
  const changes = members === undefined ? [] : differences(base.stated, members);
  const losing = isLossRefused(update.error);
  const outdated = update.error instanceof Problem && update.error.code === 'revision-changed';
  const send = (): void => {
    if (members === undefined) return;
    const spec = mergePatchOf(base.stated, members);
    const ifMatch = `"${base.revision}"`;
    update.mutate({ spec, reason, acceptStateLoss: accepted, ifMatch }, { onSuccess: onClose });
  };
  return (
    <Modal
      visible
      size="large"
      closeAriaLabel="Close"
      header={`Edit ${name}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={changes.length === 0 || outdated || (losing && !accepted)}
              loading={update.isPending}
              onClick={send}
            >
              Save
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div className="dialog">
        <SpaceBetween size="l">
          <Box variant="p">
            What is not stated is inherited. A running job gets the change by the upgrade strategy, here{' '}
            {deployment.spec.upgradeStrategy.kind}.
          </Box>
          {outdated ? (
            <Outdated
              base={base}
              current={deployment}
              onTake={() => {
                setBase(deployment);
                update.reset();
              }}
            />
          ) : update.error === null ? null : (
            <ProblemAlert error={update.error} />
          )}
          {losing ? <AcceptLoss losses={[]} accepted={accepted} onChange={setAccepted} /> : null}
          <SpecEditor
            text={text}
            {...('fault' in parsed ? { fault: parsed.fault } : {})}
            onChange={setText}
          />
          {changes.length === 0 ? null : <Differences changes={changes} label="Your changes" />}
          <TextField label="Reason" value={reason} onChange={setReason} />
        </SpaceBetween>
      </div>
    </Modal>
  );
}

interface SpecEditorProps {
  readonly text: string;
  readonly fault?: string;
  readonly onChange: (text: string) => void;
}

function SpecEditor({ text, fault, onChange }: SpecEditorProps) {
  return (
    <FormField
      stretch
      label="What the deployment states (YAML or JSON)"
      {...(fault === undefined ? {} : { errorText: fault })}
    >
      <div className="editor">
        <Textarea
          value={text}
          rows={16}
          spellcheck={false}
          onChange={({ detail }) => onChange(detail.value)}
        />
      </div>
    </FormField>
  );
}

interface OutdatedProps {
  readonly base: Deployment;
  readonly current: Deployment;
  readonly onTake: () => void;
}

/** Somebody else was faster: what they changed, before it is overwritten or kept. */
function Outdated({ base, current, onTake }: OutdatedProps) {
  const changes = differences(base.stated, current.stated);
  return (
    <Alert
      type="warning"
      header="It was changed while you edited"
      action={<Button onClick={onTake}>Go on from there</Button>}
    >
      {changes.length === 0 ? (
        'What it states is the same; only its status has changed.'
      ) : (
        <Differences changes={changes} label="What others changed" />
      )}
      <div>Look at your text again: what it says is what will hold.</div>
    </Alert>
  );
}

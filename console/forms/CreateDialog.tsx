import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { stringify } from 'yaml';
import type { Deployment } from '#contract/resources/deployment.ts';
import { namespace } from '../api/namespace.ts';
import { useCreateDeployment } from '../api/use-create-deployment.ts';
import { useList } from '../api/use-list.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { draftOf, startingDraft, type Draft } from './deployment-draft.ts';
import { ConfigurationFields } from './fields/ConfigurationFields.tsx';
import { SelectField } from './fields/SelectField.tsx';
import { TextField } from './fields/TextField.tsx';
import { parseMembers } from './parse-members.ts';

interface CreateDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (deployment: Deployment) => void;
}

/** Creates a deployment: fields for what most need, beside the same as YAML, in which all can be said. */
export function CreateDialog({ onClose, onCreated }: CreateDialogProps) {
  const [draft, setDraft] = useState<Draft>(startingDraft);
  const [text, setText] = useState(() => stringify(startingDraft));
  const create = useCreateDeployment();
  const parsed = parseMembers(text);
  const fault = 'fault' in parsed ? parsed.fault : undefined;
  const complete = draft.name !== '' && draft.spec.application !== '' && fault === undefined;
  const fill = (next: Draft): void => {
    setDraft(next);
    setText(stringify(next));
  };
  const type = (typed: string): void => {
    setText(typed);
    const next = parseMembers(typed);
    if (!('fault' in next)) setDraft(draftOf(next.members ?? {}));
  };
  return (
    <Modal
      visible
      size="max"
      closeAriaLabel="Close"
      header={`Create a deployment in namespace ${namespace}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Close
            </Button>
            <Button
              variant="primary"
              disabled={!complete}
              loading={create.isPending}
              onClick={() => create.mutate(draft, { onSuccess: onCreated })}
            >
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        {create.error === null ? null : <ProblemAlert error={create.error} />}
        <div className="columns dialog">
          <div className="fields">
            <DraftFields draft={draft} onChange={fill} />
          </div>
          <FormField stretch label="The same as YAML" {...(fault === undefined ? {} : { errorText: fault })}>
            <div className="editor">
              <Textarea
                value={text}
                rows={22}
                spellcheck={false}
                onChange={({ detail }) => type(detail.value)}
              />
            </div>
          </FormField>
        </div>
      </SpaceBetween>
    </Modal>
  );
}

interface DraftFieldsProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function DraftFields({ draft, onChange }: DraftFieldsProps) {
  const { spec } = draft;
  const applications = useList('listApplications', { params: { namespace } });
  const targets = useList('listTargets', {});
  const chosen = applications.items.find(({ name }) => name === spec.application);
  const versions = Array.from({ length: chosen?.latestVersion ?? 0 }, (_, index) => index + 1).reverse();
  const change = (members: Partial<Draft['spec']>): void =>
    onChange({ ...draft, spec: { ...spec, ...members } });
  return (
    <>
      <TextField
        label="Name"
        placeholder="payments-production"
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      <SelectField
        label="Application"
        loading={applications.isPending}
        placeholder="Choose an application"
        options={applications.items.map(({ name, description }) => ({
          value: name,
          label: name,
          description,
        }))}
        value={spec.application}
        onChange={(application) => {
          const latest = applications.items.find(({ name }) => name === application)?.latestVersion;
          change({ application, version: latest ?? 1, configuration: {} });
        }}
      />
      <SelectField
        label="Version"
        options={versions.map((version) => ({ value: String(version), label: `v${version}` }))}
        value={String(spec.version)}
        onChange={(version) => change({ version: Number(version) })}
      />
      <SelectField
        label="Deployment target"
        loading={targets.isPending}
        options={targets.items.map(({ name, description }) => ({ value: name, label: name, description }))}
        value={spec.target ?? 'default'}
        onChange={(target) => change({ target })}
      />
      <TextField
        label="Parallelism"
        description="1 to 64 subtasks of every operator."
        value={String(spec.parallelism ?? '')}
        onChange={(typed) => change({ parallelism: Math.max(1, Number.parseInt(typed, 10) || 1) })}
      />
      <SelectField
        label="Desired state"
        options={[
          { value: 'running', label: 'running: it starts at once' },
          { value: 'cancelled', label: 'cancelled: it waits for a start' },
        ]}
        value={spec.desiredState ?? 'cancelled'}
        onChange={(state) => change({ desiredState: state === 'running' ? 'running' : 'cancelled' })}
      />
      {spec.application === '' ? null : (
        <ConfigurationFields
          application={spec.application}
          version={spec.version}
          configuration={spec.configuration ?? {}}
          onChange={(configuration) => change({ configuration })}
        />
      )}
    </>
  );
}

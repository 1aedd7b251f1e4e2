import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { ApiTokenSecret } from '#contract/resources/api-token.ts';
import { namespace } from '../api/namespace.ts';
import { useCreateToken } from '../api/use-access.ts';
import { useRead } from '../api/use-read.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { SelectField } from './fields/SelectField.tsx';
import { TextField } from './fields/TextField.tsx';

interface TokenDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (made: ApiTokenSecret) => void;
}

/** Makes a token for a program of this namespace. */
export function TokenDialog({ onClose, onCreated }: TokenDialogProps) {
  const roles = useRead('listRoles', {}, { everyMs: 0 });
  const create = useCreateToken();
  const [name, setName] = useState('');
  const [role, setRole] = useState('operator');
  const [days, setDays] = useState('90');
  const lifetimeDays = Number(days);
  const complete = name !== '' && Number.isInteger(lifetimeDays) && lifetimeDays > 0;
  return (
    <Modal
      visible
      closeAriaLabel="Close"
      header={`Create a token for namespace ${namespace}`}
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
              onClick={() => create.mutate({ name, role, lifetimeDays }, { onSuccess: onCreated })}
            >
              Create
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <div className="dialog fields">
        {create.error === null ? null : <ProblemAlert error={create.error} />}
        <TextField label="Name" placeholder="ci" value={name} onChange={setName} />
        <SelectField
          label="Role"
          loading={roles.isPending}
          options={(roles.data?.items ?? []).map((one) => ({ value: one.name, label: one.name }))}
          value={role}
          onChange={setRole}
        />
        <TextField label="Lifetime in days" description="At most 400." value={days} onChange={setDays} />
      </div>
    </Modal>
  );
}

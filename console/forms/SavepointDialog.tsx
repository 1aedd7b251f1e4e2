import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { useDeleteSavepoint } from '../api/use-delete-savepoint.ts';
import { line } from '../components/cli-line.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { shortId } from '../components/short-id.ts';
import { CommandLine } from '../ui/CommandLine.tsx';

export interface SavepointDialogProps {
  readonly savepoint: Savepoint;
  readonly onClose: () => void;
}

/** What can be done with a savepoint: taken along as a file, or deleted. */
export function SavepointDialog({ savepoint, onClose }: SavepointDialogProps) {
  const { id, deployment } = savepoint;
  const remove = useDeleteSavepoint(deployment);
  return (
    <Modal
      visible
      size="medium"
      closeAriaLabel="Close"
      header={`Savepoint ${shortId(id)}`}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Keep it
            </Button>
            <Button
              variant="primary"
              loading={remove.isPending}
              onClick={() => remove.mutate(id, { onSuccess: onClose })}
            >
              Delete the savepoint
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="l">
        {remove.error === null ? null : <ProblemAlert error={remove.error} />}
        <Box variant="p">To see what it holds, or to take it along as one file:</Box>
        <CommandLine command={line(['savepoint', 'describe', deployment, id])} label="Copy describe" />
        <CommandLine
          command={line(['savepoint', 'export', deployment, id, `${deployment}.savepoint`])}
          label="Copy export"
        />
        <Box variant="p">To go back to it, to fork from it, or to keep it from being deleted:</Box>
        <CommandLine command={line(['deployment', 'reset', deployment, id, '--wait'])} label="Copy reset" />
        <CommandLine
          command={line(['deployment', 'fork', deployment, `${deployment}-fork`, '--savepoint', id])}
          label="Copy fork"
        />
        <CommandLine
          command={line(['savepoint', 'hold', deployment, id, '--reason', 'audit'])}
          label="Copy hold"
        />
        <Box variant="p">Deleting moves it to the trash; for a week it can be brought back.</Box>
        <CommandLine command={line(['savepoint', 'undelete', deployment, id])} label="Copy undelete" />
      </SpaceBetween>
    </Modal>
  );
}

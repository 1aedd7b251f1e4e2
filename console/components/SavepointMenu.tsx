import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import { lazy, Suspense, useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { shortId } from './short-id.ts';
import { refusalOf } from './verb-order.ts';

const ActDialog = lazy(async () => ({
  default: (await import('../forms/SavepointDialog.tsx')).SavepointDialog,
}));
const ContentsDialog = lazy(async () => ({
  default: (await import('../forms/SavepointContentsDialog.tsx')).SavepointContentsDialog,
}));

const acts = ['reset', 'fork', 'describe', 'hold', 'release', 'delete', 'undelete', 'purge'] as const;
type MenuAct = (typeof acts)[number];

interface SavepointMenuProps {
  readonly deployment: Deployment;
  readonly savepoint: Savepoint;
}

/** What can be done with a savepoint, or from it. */
export function SavepointMenu({ deployment, savepoint }: SavepointMenuProps) {
  const [open, setOpen] = useState<MenuAct>();
  return (
    <>
      <ButtonDropdown
        variant="inline-icon"
        expandToViewport
        ariaLabel={`Actions of savepoint ${shortId(savepoint.id)}`}
        items={itemsOf(deployment, savepoint)}
        onItemClick={({ detail }) => setOpen(acts.find((act) => act === detail.id))}
      />
      {open === undefined ? null : (
        <Suspense fallback={null}>
          <OpenDialog
            act={open}
            deployment={deployment}
            savepoint={savepoint}
            onClose={() => setOpen(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

interface OpenDialogProps extends SavepointMenuProps {
  readonly act: MenuAct;
  readonly onClose: () => void;
}

function OpenDialog({ act, deployment, savepoint, onClose }: OpenDialogProps) {
  switch (act) {
    case 'reset':
    case 'fork':
      return (
        <LazyVerbDialog
          act={act}
          deployment={deployment}
          initial={{ savepointId: savepoint.id }}
          onClose={onClose}
          onAccepted={onClose}
        />
      );
    case 'describe':
      return <ContentsDialog savepoint={savepoint} onClose={onClose} />;
    default:
      return <ActDialog kind={act} savepoint={savepoint} onClose={onClose} />;
  }
}

function itemsOf(deployment: Deployment, savepoint: Savepoint): ButtonDropdownProps.Item[] {
  const { state, hold, deletion } = savepoint;
  if (deletion !== null && deletion !== undefined) {
    return [
      { id: 'undelete', text: 'Bring it back' },
      { id: 'purge', text: 'Remove for good' },
    ];
  }
  const held = hold !== null && hold !== undefined;
  const incomplete = state === 'completed' ? undefined : `It is ${state}.`;
  return [
    item('reset', 'Reset to it', incomplete ?? refusalOf('reset', deployment)),
    item('fork', 'Fork from it', incomplete ?? refusalOf('fork', deployment)),
    item('describe', 'Describe or export', incomplete),
    held ? item('release', 'Release', undefined) : item('hold', 'Hold', incomplete),
    item('delete', 'Delete', held ? 'It is held; release it first.' : undefined),
  ];
}

function item(id: MenuAct, text: string, refused: string | undefined): ButtonDropdownProps.Item {
  return { id, text, ...(refused === undefined ? {} : { disabled: true, disabledReason: refused }) };
}

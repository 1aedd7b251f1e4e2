import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import { refusal, type Verb } from '#contract/verbs.ts';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { paths } from './paths.ts';
import { verbTitle } from './verb-title.ts';

const ORDER: readonly Verb[] = ['start', 'suspend', 'savepoint', 'cancel'];

/** The verbs in a row of the list. */
export function RowActions({ deployment }: { readonly deployment: Deployment }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<Verb>();
  const items = ORDER.map((verb) => {
    const reason = refusal(verb, deployment.status.state);
    return {
      id: verb,
      text: verbTitle(verb),
      ...(reason === undefined ? {} : { disabled: true, disabledReason: reason }),
    };
  });
  return (
    <>
      <ButtonDropdown
        variant="icon"
        expandToViewport
        ariaLabel={`Actions of ${deployment.name}`}
        items={items}
        onItemClick={({ detail }) => setOpen(ORDER.find((verb) => verb === detail.id))}
      />
      {open === undefined ? null : (
        <LazyVerbDialog
          verb={open}
          deployment={deployment}
          onClose={() => setOpen(undefined)}
          // The deployment's page shows how the operation goes on.
          onAccepted={() => void navigate(paths.deployment(deployment.name))}
        />
      )}
    </>
  );
}

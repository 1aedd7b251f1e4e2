import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Act } from '../api/verb-input.ts';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { paths } from './paths.ts';
import { rowActs } from './verb-order.ts';
import { VerbMenu } from './VerbMenu.tsx';

/** The verbs in a row of the list. */
export function RowActions({ deployment }: { readonly deployment: Deployment }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<Act>();
  return (
    <>
      <VerbMenu deployment={deployment} groups={rowActs} onOpen={setOpen} />
      {open === undefined ? null : (
        <LazyVerbDialog
          act={open}
          deployment={deployment}
          onClose={() => setOpen(undefined)}
          // The page of the deployment that is acted on shows how the operation goes on.
          onAccepted={({ deployment: name }) => void navigate(paths.deployment(name))}
        />
      )}
    </>
  );
}

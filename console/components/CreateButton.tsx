import Button from '@cloudscape-design/components/button';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { paths } from './paths.ts';

const CreateDialog = lazy(async () => ({
  default: (await import('../forms/CreateDialog.tsx')).CreateDialog,
}));

/** Opens the form for a new deployment, and its page once it is there. */
export function CreateButton() {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Create a deployment</Button>
      {open ? (
        <Suspense fallback={null}>
          <CreateDialog
            onClose={() => setOpen(false)}
            onCreated={({ name }) => void navigate(paths.deployment(name))}
          />
        </Suspense>
      ) : null}
    </>
  );
}

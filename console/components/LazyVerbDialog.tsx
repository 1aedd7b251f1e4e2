import { lazy, Suspense } from 'react';
import type { VerbDialogProps } from '../forms/VerbDialog.tsx';

const Dialog = lazy(async () => ({ default: (await import('../forms/VerbDialog.tsx')).VerbDialog }));

/** The dialog of a verb, read when one is first opened: most visits to the list open none. */
export function LazyVerbDialog(props: VerbDialogProps) {
  return (
    <Suspense fallback={null}>
      <Dialog {...props} />
    </Suspense>
  );
}

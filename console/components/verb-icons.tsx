/** Signs of the verbs that have buttons, drawn as the kit's own icons are: 16 by 16, strokes of 2. */
import type { ReactNode } from 'react';
import type { Act } from '../api/verb-input.ts';

export const verbIcons: Readonly<Partial<Record<Act, ReactNode>>> = {
  start: icon(<path d="M4 2.5v11l9-5.5z" />),
  suspend: icon(<path d="M5 3v10M11 3v10" />),
  savepoint: icon(<path d="M8 2v8M4.500 6.800 8 10.300l3.500-3.500M2.500 13.500h11" />),
  upgrade: icon(<path d="M8 14V5M4.500 8 8 4.500 11.500 8M2.500 2h11" />),
  cancel: icon(<path d="M3.500 3.500l9 9M12.500 3.500l-9 9" />),
};

function icon(shape: ReactNode): ReactNode {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      {shape}
    </svg>
  );
}

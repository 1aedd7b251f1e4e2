/** The panel at the lower edge: pages fill it, the frame of the console owns it. */
import { createContext, useContext, useEffect, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

export interface PanelState {
  readonly title: string;
  readonly onClose: () => void;
}

export interface PanelSlot {
  /** Where the content of the panel is drawn; null while it is closed. */
  readonly element: HTMLElement | null;
  readonly show: (panel: PanelState | undefined) => void;
}

export const PanelContext = createContext<PanelSlot>({ element: null, show: () => {} });

interface LowerPanelProps extends PanelState {
  readonly children: ReactNode;
}

/** Opens the panel for as long as it is drawn. */
export function LowerPanel({ title, onClose, children }: LowerPanelProps) {
  const { element, show } = useContext(PanelContext);
  useEffect(() => {
    show({ title, onClose });
  }, [show, title, onClose]);
  useEffect(() => () => show(undefined), [show]);
  return element === null ? null : createPortal(children, element);
}

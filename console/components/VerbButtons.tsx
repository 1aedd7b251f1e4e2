import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Act } from '../api/verb-input.ts';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { verbIcons } from './verb-icons.tsx';
import { buttonActs, menuActs, refusalOf } from './verb-order.ts';
import { verbTitle } from './verb-title.ts';
import { VerbMenu } from './VerbMenu.tsx';

interface VerbButtonsProps {
  readonly deployment: Deployment;
}

/** What may be asked of a deployment now; what may not says why. */
export function VerbButtons({ deployment }: VerbButtonsProps) {
  const [open, setOpen] = useState<Act>();
  const close = (): void => setOpen(undefined);
  return (
    <div className="verbs" role="group" aria-label="Actions">
      {buttonActs.map((act) => (
        <VerbButton key={act} act={act} deployment={deployment} onOpen={setOpen} />
      ))}
      <VerbMenu deployment={deployment} groups={menuActs} onOpen={setOpen}>
        More
      </VerbMenu>
      {/* Cancel gives up state: last, and apart from the others. */}
      <span className="verb apart">
        <VerbButton act="cancel" deployment={deployment} onOpen={setOpen} />
      </span>
      {open === undefined ? null : (
        <LazyVerbDialog act={open} deployment={deployment} onClose={close} onAccepted={close} />
      )}
    </div>
  );
}

interface VerbButtonProps extends VerbButtonsProps {
  readonly act: Act;
  readonly onOpen: (act: Act) => void;
}

function VerbButton({ act, deployment, onOpen }: VerbButtonProps) {
  const reason = refusalOf(act, deployment);
  return (
    <Button
      variant={act === 'start' && reason === undefined ? 'primary' : 'normal'}
      iconSvg={verbIcons[act]}
      disabled={reason !== undefined}
      {...(reason === undefined ? {} : { disabledReason: reason })}
      onClick={() => onOpen(act)}
    >
      {verbTitle(act)}
    </Button>
  );
}

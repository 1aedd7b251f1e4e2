import Button from '@cloudscape-design/components/button';
import { useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import { refusal, type Verb } from '#contract/verbs.ts';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { verbIcons } from './verb-icons.tsx';
import { verbTitle } from './verb-title.ts';

/** Cancel gives up state: last, and apart from the others. */
const ORDER: readonly Verb[] = ['start', 'suspend', 'savepoint', 'cancel'];

interface VerbButtonsProps {
  readonly deployment: Deployment;
}

/** What may be asked of a deployment now; what may not says why. */
export function VerbButtons({ deployment }: VerbButtonsProps) {
  const [open, setOpen] = useState<Verb>();
  return (
    <div className="verbs" role="group" aria-label="Actions">
      {ORDER.map((verb) => {
        const reason = refusal(verb, deployment.status.state);
        return (
          <span key={verb} className={verb === 'cancel' ? 'verb apart' : 'verb'}>
            <Button
              variant={verb === 'start' && reason === undefined ? 'primary' : 'normal'}
              iconSvg={verbIcons[verb]}
              disabled={reason !== undefined}
              {...(reason === undefined ? {} : { disabledReason: reason })}
              onClick={() => setOpen(verb)}
            >
              {verbTitle(verb)}
            </Button>
          </span>
        );
      })}
      {open === undefined ? null : (
        <LazyVerbDialog
          verb={open}
          deployment={deployment}
          onClose={() => setOpen(undefined)}
          onAccepted={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

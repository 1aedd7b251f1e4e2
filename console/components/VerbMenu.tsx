import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import type { ReactNode } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Act } from '../api/verb-input.ts';
import { refusalOf } from './verb-order.ts';
import { verbTitle } from './verb-title.ts';

interface VerbMenuProps {
  readonly deployment: Deployment;
  readonly groups: readonly (readonly Act[])[];
  readonly onOpen: (act: Act) => void;
  /** Its text; without one it is an icon. */
  readonly children?: ReactNode;
}

/** Verbs in a menu, in groups; one that is refused says why. */
export function VerbMenu({ deployment, groups, onOpen, children }: VerbMenuProps) {
  const all = groups.flat();
  return (
    <ButtonDropdown
      variant={children === undefined ? 'icon' : 'normal'}
      expandToViewport
      ariaLabel={`${children === undefined ? 'Actions' : 'More actions'} of ${deployment.name}`}
      items={groups.map((group) => ({ items: group.map((act) => itemOf(act, deployment)) }))}
      onItemClick={({ detail }) => {
        const act = all.find((one) => one === detail.id);
        if (act !== undefined) onOpen(act);
      }}
    >
      {children}
    </ButtonDropdown>
  );
}

function itemOf(act: Act, deployment: Deployment): ButtonDropdownProps.Item {
  const reason = refusalOf(act, deployment);
  return {
    id: act,
    text: act === 'reset' || act === 'promote' ? longTitles[act] : verbTitle(act),
    ...(reason === undefined ? {} : { disabled: true, disabledReason: reason }),
  };
}

/** Where the bare verb leaves open what it acts on. */
const longTitles = { reset: 'Reset to a savepoint', promote: 'Promote to another deployment' } as const;

import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { namespace } from '../../api/namespace.ts';
import { useList } from '../../api/use-list.ts';
import type { ForkFields as Fork } from '../../api/verb-input.ts';
import type { FieldsProps } from '../VerbFields.tsx';
import { ReasonField } from './ReasonField.tsx';
import { SelectField } from './SelectField.tsx';
import { SinksField } from './SinksField.tsx';
import { TextField } from './TextField.tsx';
import { TimeField } from './TimeField.tsx';
import { VersionField } from './VersionField.tsx';
import { withMember } from './with-member.ts';
import { SavepointField } from './SavepointField.tsx';

const EMPTY = 'without state';

/** Name, state and sinks of a fork; more of it on demand. */
export function ForkFields({ deployment, input, onChange }: FieldsProps) {
  const { fork = {} } = input;
  const fields = { deployment, input, onChange };
  const change = (members: Partial<Fork>): void => onChange({ ...input, fork: { ...fork, ...members } });
  return (
    <>
      <TextField
        label="Name of the fork"
        placeholder={`${deployment.name}-trial`}
        value={fork.name}
        onChange={(name) => change({ name })}
      />
      <SelectField
        label="State"
        options={[
          { value: 'savepoint', label: 'with the state of this deployment' },
          { value: EMPTY, label: 'empty: a duplicate without state' },
        ]}
        value={fork.empty === true ? EMPTY : 'savepoint'}
        onChange={(value) => change({ empty: value === EMPTY })}
      />
      {fork.empty === true ? null : (
        <SavepointField {...fields} label="Begin from" none="A savepoint that is taken now" />
      )}
      <VersionField {...fields} />
      <SinksField
        application={deployment.spec.application}
        version={input.version ?? deployment.spec.version}
        sinks={fork.sinks ?? { every: 'capture', sinks: {} }}
        onChange={(sinks) => change({ sinks })}
      />
      <ExpandableSection headerText="Namespace, target, times and reason">
        <SpaceBetween size="s">
          <PlaceFields {...fields} />
          <TimeField
            label="Sources begin at"
            description="Optional: instead of the positions in the state."
            value={input.startAt}
            onChange={(at) => onChange(withMember(input, 'startAt', at))}
          />
          <TimeField
            label="Goes away at"
            description="Optional: the fork is cancelled and deleted then."
            value={fork.expiresAt}
            onChange={(at) => {
              const { expiresAt: _, ...others } = fork;
              onChange({ ...input, fork: at === undefined ? others : { ...others, expiresAt: at } });
            }}
          />
          <ReasonField input={input} onChange={onChange} />
        </SpaceBetween>
      </ExpandableSection>
    </>
  );
}

/** Where the fork belongs and runs: as its parent, unless said otherwise. */
function PlaceFields({ deployment, input, onChange }: FieldsProps) {
  const namespaces = useList('listNamespaces', {});
  const targets = useList('listTargets', {});
  const { fork = {}, spec = {} } = input;
  const target = typeof spec['target'] === 'string' ? spec['target'] : deployment.spec.target;
  const places = (items: readonly { readonly name: string }[], own: string) =>
    [own, ...items.map(({ name }) => name).filter((name) => name !== own)].map((name) => ({
      value: name,
      label: name,
    }));
  return (
    <>
      <SelectField
        label="Namespace"
        options={places(namespaces.items, namespace)}
        value={fork.namespace ?? namespace}
        onChange={(name) => {
          const { namespace: _, ...others } = fork;
          onChange({ ...input, fork: name === namespace ? others : { ...others, namespace: name } });
        }}
      />
      <SelectField
        label="Deployment target"
        options={places(targets.items, deployment.spec.target)}
        value={target}
        onChange={(name) =>
          onChange(withMember(input, 'spec', name === deployment.spec.target ? undefined : { target: name }))
        }
      />
    </>
  );
}

import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { UpgradeGate } from '#contract/resources/upgrade.ts';
import type { VerbInput } from '../../api/verb-input.ts';
import { TextField } from './TextField.tsx';
import { withMember } from './with-member.ts';

interface GateFieldsProps {
  /** What holds when nothing is filled in. */
  readonly configured: UpgradeGate | undefined;
  readonly input: VerbInput;
  readonly onChange: (input: VerbInput) => void;
}

/** What the new job must show, for this upgrade only; one that does not is replaced by the one before. */
export function GateFields({ configured, input, onChange }: GateFieldsProps) {
  const { gate = {} } = input;
  const change = (name: 'timeout' | 'healthyFor', text: string): void => {
    const { [name]: _, ...others } = gate;
    const next = text === '' ? others : { ...others, [name]: text };
    onChange(withMember(input, 'gate', Object.keys(next).length === 0 ? undefined : next));
  };
  return (
    <ExpandableSection headerText="Gate: what the new job must show">
      <SpaceBetween size="s">
        <TextField
          label="Passes within"
          description="Later, it goes back to what ran before, from the same savepoint."
          placeholder={configured?.timeout ?? '5 minutes'}
          value={gate.timeout}
          onChange={(text) => change('timeout', text)}
        />
        <TextField
          label="Runs without a restart for"
          placeholder={configured?.healthyFor ?? '5 seconds'}
          value={gate.healthyFor}
          onChange={(text) => change('healthyFor', text)}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}

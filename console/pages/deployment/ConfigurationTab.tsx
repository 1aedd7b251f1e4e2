import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { line } from '../../components/cli-line.ts';
import { SpecFacts } from '../../components/SpecFacts.tsx';
import { CommandLine } from '../../ui/CommandLine.tsx';
import { JsonView } from '../../ui/JsonView.tsx';
import { usePageDeployment } from './page-deployment.ts';

/** What is wanted of a deployment, every field of it. */
export function ConfigurationTab() {
  const { name, spec, labels, revision } = usePageDeployment();
  const labelText = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        description={`Revision ${revision}. A running job keeps the spec that it was started with.`}
      >
        Configuration
      </Header>
      <SpecFacts spec={spec} />
      <KeyValuePairs
        items={[{ label: 'Labels', value: labelText.length === 0 ? '–' : <LabelList labels={labelText} /> }]}
      />
      <JsonView value={spec} label="Spec of the deployment" />
      <CommandLine command={line(['deployment', 'get', name, '-o', 'json'])} />
    </SpaceBetween>
  );
}

function LabelList({ labels }: { readonly labels: readonly string[] }) {
  return (
    <span className="label-list">
      {labels.map((label) => (
        <span key={label} className="nowrap">
          {label}
        </span>
      ))}
    </span>
  );
}

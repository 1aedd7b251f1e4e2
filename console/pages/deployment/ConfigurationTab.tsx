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
  const { name, spec, labels, origins, specRevision } = usePageDeployment();
  const labelText = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  const inherited = Object.entries(origins)
    .filter(([, level]) => level !== 'deployment')
    .map(([pointer, level]) => `${pointer.slice(1).replaceAll('/', '.')} from ${level}`);
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        description={`Revision ${specRevision}. A running job keeps the spec that it was started with.`}
      >
        Configuration
      </Header>
      <SpecFacts spec={spec} />
      <KeyValuePairs
        columns={2}
        items={[
          { label: 'Labels', value: labelText.length === 0 ? '–' : <LabelList labels={labelText} /> },
          {
            label: 'Inherited',
            value: inherited.length === 0 ? 'nothing' : <LabelList labels={inherited} />,
          },
        ]}
      />
      <JsonView value={spec} label="Spec of the deployment" />
      <CommandLine command={line(['deployment', 'get', name, '--origins'])} />
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

import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense, useState } from 'react';
import { line } from '../../components/cli-line.ts';
import { EffectiveSettings } from '../../components/EffectiveSettings.tsx';
import { Revisions } from '../../components/Revisions.tsx';
import { SpecFacts } from '../../components/SpecFacts.tsx';
import { CommandLine } from '../../ui/CommandLine.tsx';
import { JsonView } from '../../ui/JsonView.tsx';
import { usePageDeployment } from './page-deployment.ts';

const EditDialog = lazy(async () => ({
  default: (await import('../../forms/EditDialog.tsx')).EditDialog,
}));

/** What is wanted of a deployment: every value with the level that it comes from, and how it came to be. */
export function ConfigurationTab() {
  const deployment = usePageDeployment();
  const { name, spec, stated, labels, specRevision } = deployment;
  const [editing, setEditing] = useState(false);
  const labelText = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return (
    <SpaceBetween size="m">
      <Header
        variant="h2"
        description={`Revision ${specRevision}. A running job keeps the spec that it was started with.`}
        actions={<Button onClick={() => setEditing(true)}>Edit</Button>}
      >
        Configuration
      </Header>
      <SpecFacts spec={spec} />
      {labelText.length === 0 ? null : <LabelList labels={labelText} />}
      <EffectiveSettings deployment={deployment} />
      <ExpandableSection headerText="What the deployment itself states, as JSON">
        <JsonView value={stated ?? {}} label="What the deployment states" />
      </ExpandableSection>
      <ExpandableSection headerText="The spec in effect, as JSON">
        <JsonView value={spec} label="Spec of the deployment" />
      </ExpandableSection>
      <Revisions deployment={deployment} />
      <CommandLine command={line(['deployment', 'get', name, '--origins'])} />
      {editing ? (
        <Suspense fallback={null}>
          <EditDialog deployment={deployment} onClose={() => setEditing(false)} />
        </Suspense>
      ) : null}
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

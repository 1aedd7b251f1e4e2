import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Deployment } from '#contract/resources/deployment.ts';
import { Age } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';
import { AnnotationLinks, annotationLinks } from './AnnotationLinks.tsx';
import { Parentage } from './Parentage.tsx';
import { paths } from './paths.ts';
import { StateBadge } from './StateBadge.tsx';
import { TrashBanner } from './TrashBanner.tsx';
import { VerbButtons } from './VerbButtons.tsx';

/** Name and state of a deployment, and the verbs. */
export function DeploymentHeader({ deployment }: { readonly deployment: Deployment }) {
  const { status, spec, annotations } = deployment;
  return (
    <SpaceBetween size="s">
      <Header
        variant="h1"
        info={
          <span data-testid="deployment-state">
            <StateBadge state={status.state} />
          </span>
        }
        actions={<VerbButtons deployment={deployment} />}
        description={
          <span className="facts">
            <span>
              <Go to={paths.application(spec.application)}>{spec.application}</Go> v{spec.version}
            </span>
            <DesiredBesideObserved deployment={deployment} />
            <Parentage deployment={deployment} />
            {spec.protected ? <Badge color="grey">protected</Badge> : null}
            {annotationLinks(annotations).length > 0 ? <AnnotationLinks annotations={annotations} /> : null}
          </span>
        }
      >
        {deployment.name}
      </Header>
      <TrashBanner deployment={deployment} />
      {status.state === 'failed' && status.message !== null ? (
        <Alert type="error" header="The deployment has failed">
          {status.message}{' '}
          {status.jobNumber === null ? null : (
            <Go to={paths.job(deployment.name, status.jobNumber)}>See job #{status.jobNumber}</Go>
          )}
        </Alert>
      ) : null}
      {status.conditions.map((condition) => (
        <Alert key={condition.type} type="warning" header={condition.message}>
          {condition.reason}, since <Age at={condition.since} suffix="" />
        </Alert>
      ))}
    </SpaceBetween>
  );
}

/** Says in words when what is wanted differs from what is seen. */
function DesiredBesideObserved({ deployment }: { readonly deployment: Deployment }) {
  const { status, spec } = deployment;
  const differs = spec.desiredState !== status.state;
  return (
    <span>
      desired <b>{spec.desiredState}</b>, observed{' '}
      <b className={differs ? 'differs' : undefined}>{status.state}</b> for{' '}
      <Age at={status.transitionedAt} suffix="" />
    </span>
  );
}

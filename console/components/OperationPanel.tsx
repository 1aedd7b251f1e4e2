import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Operation } from '#contract/resources/operation.ts';
import { durationText } from '../ui/duration-text.ts';
import { Age } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';
import { useNow } from '../ui/use-now.ts';
import { Actor } from './Actor.tsx';
import { CancelOperation } from './CancelOperation.tsx';
import { OperationSteps } from './OperationSteps.tsx';
import { paths } from './paths.ts';
import { ProblemNote } from './ProblemAlert.tsx';
import { ProgressBadge } from './StateBadge.tsx';

interface OperationPanelProps {
  readonly operation: Operation;
  /** On the operation's own page: every step with its message, and no way further. */
  readonly detailed?: boolean;
  /** Given once the operation has ended. */
  readonly onDismiss?: () => void;
}

/** One verb being carried out, or the last one that was. */
export function OperationPanel({ operation, detailed = false, onDismiss }: OperationPanelProps) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          info={<ProgressBadge state={operation.state} />}
          description={<OperationLine operation={operation} />}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CancelOperation operation={operation} />
              {detailed ? null : <Go to={paths.operation(operation.id)}>Details</Go>}
              {onDismiss === undefined ? null : (
                <Button variant="icon" iconName="close" ariaLabel="Hide this operation" onClick={onDismiss} />
              )}
            </SpaceBetween>
          }
        >
          {operationTitle(operation)}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {operation.problem === null ? null : <ProblemNote problem={operation.problem} />}
        <OperationSteps operation={operation} detailed={detailed} />
        {operation.followedBy === null || operation.followedBy === undefined ? null : (
          <div>
            It was followed by <Go to={paths.operation(operation.followedBy)}>another operation</Go>, which
            undoes what it did.
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** "Suspend": the verb with a capital, as a title. */
export function operationTitle(operation: Operation): string {
  return operation.kind.charAt(0).toUpperCase() + operation.kind.slice(1);
}

/** For how long no job ran, where one was interrupted. */
function pauseText({ pauseMs }: Operation): string {
  return pauseMs === null || pauseMs === undefined ? '' : ` · paused ${durationText(pauseMs)}`;
}

function OperationLine({ operation }: { readonly operation: Operation }) {
  const now = useNow();
  const begun = Date.parse(operation.startedAt ?? operation.createdAt);
  const end = operation.endedAt === null ? now : Date.parse(operation.endedAt);
  return (
    <span className="num">
      by <Actor actor={operation.actor} /> · <Age at={operation.createdAt} /> ·{' '}
      {operation.endedAt === null ? 'so far' : 'took'} {durationText(Math.max(0, end - begun))}
      {pauseText(operation)}
      {operation.cancelRequestedAt === null || operation.endedAt !== null ? null : ' · will be cancelled'}
    </span>
  );
}

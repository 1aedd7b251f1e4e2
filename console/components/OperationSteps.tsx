import Steps from '@cloudscape-design/components/steps';
import type { Operation, OperationStep } from '#contract/resources/operation.ts';
import { durationText } from '../ui/duration-text.ts';
import { exactText } from '../ui/time-text.ts';
import { NARROW, useMedia } from '../ui/use-media.ts';
import { useNow } from '../ui/use-now.ts';
import { progressLook } from './StateBadge.tsx';

interface OperationStepsProps {
  readonly operation: Operation;
  /** One below the other with what each has to say; else in a row, where only what is not done yet speaks. */
  readonly detailed?: boolean;
}

/** The steps of an operation with the time that each took and the tries that it needed. */
export function OperationSteps({ operation, detailed = false }: OperationStepsProps) {
  const now = useNow();
  const narrow = useMedia(NARROW);
  return (
    <Steps
      orientation={narrow || detailed ? 'vertical' : 'horizontal'}
      ariaLabel={`Steps of the operation ${operation.id}`}
      steps={operation.steps.map((step) => ({
        status: progressLook(step.state),
        statusIconAriaLabel: step.state,
        header: (
          <span className="step-title" title={step.startedAt === null ? '' : exactText(step.startedAt)}>
            {step.title} <span className="muted num">{timing(step, now)}</span>
          </span>
        ),
        details: speaks(step, detailed) ? <span className="muted">{step.message}</span> : undefined,
      }))}
    />
  );
}

function speaks(step: OperationStep, detailed: boolean): boolean {
  return step.message !== null && (detailed || step.state !== 'succeeded');
}

function timing(step: OperationStep, now: number): string {
  if (step.startedAt === null) return step.state === 'skipped' ? 'skipped' : '';
  const end = step.endedAt === null ? now : Date.parse(step.endedAt);
  const tries = step.attempts > 1 ? ` · attempt ${step.attempts}` : '';
  return `${durationText(Math.max(0, end - Date.parse(step.startedAt)))}${tries}`;
}

import Alert from '@cloudscape-design/components/alert';
import type { ProblemBody } from '#contract/problems.ts';
import { Problem } from '#contract/problems.ts';
import { Go } from '../ui/Go.tsx';
import { paths } from './paths.ts';

/** What went wrong and what to do about it, in the words that API and CLI use. */
export function ProblemAlert({ error }: { readonly error: Error }) {
  if (error instanceof Problem) return <ProblemNote problem={error.toBody()} />;
  return (
    <Alert type="error" header="The platform does not answer">
      The console tries again by itself. Is the platform running? On this machine: <code>npm start</code>
    </Alert>
  );
}

export function ProblemNote({ problem }: { readonly problem: ProblemBody }) {
  return (
    <Alert type="error" header={problem.detail}>
      {(problem.errors ?? []).map(({ pointer, message }) => (
        <div key={pointer}>
          <code>{pointer}</code> {message}
        </div>
      ))}
      {problem.remedy}{' '}
      {problem.operationId === undefined ? null : (
        <Go to={paths.operation(problem.operationId)}>Show the operation</Go>
      )}
    </Alert>
  );
}

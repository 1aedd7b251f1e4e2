import Alert from '@cloudscape-design/components/alert';
import type { ApiTokenSecret } from '#contract/resources/api-token.ts';
import { CommandLine } from '../ui/CommandLine.tsx';

interface SecretOnceProps {
  readonly made: ApiTokenSecret;
  readonly onDismiss: () => void;
}

/** The secret of a new token: nobody can read it again. */
export function SecretOnce({ made, onDismiss }: SecretOnceProps) {
  return (
    <Alert
      type="success"
      dismissible
      dismissAriaLabel="Hide the secret"
      onDismiss={onDismiss}
      header={`Copy the secret of token ${made.token.name} now: it is shown only once`}
    >
      <CommandLine command={made.secret} label="Copy the secret" />
    </Alert>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useRouteError } from 'react-router';

/** Shown instead of a page that threw: a fault of the console itself, never of the platform. */
export function FaultPage() {
  const error = useRouteError();
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    <Box padding="l">
      <Alert
        type="error"
        header="The console broke while it drew this page"
        action={<Button onClick={() => location.reload()}>Load it again</Button>}
      >
        Nothing happened to your deployments. If it breaks again, this is what to report:
        <pre className="stack">{text}</pre>
      </Alert>
    </Box>
  );
}

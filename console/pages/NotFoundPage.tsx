import Box from '@cloudscape-design/components/box';
import { useLocation } from 'react-router';
import { paths } from '../components/paths.ts';
import { Go } from '../ui/Go.tsx';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Box textAlign="center" padding="xxl">
      <Box variant="h1">There is no page here</Box>
      <Box variant="p" color="text-body-secondary">
        <code>{pathname}</code> leads nowhere. <Go to={paths.deployments}>Go to the deployments</Go>
      </Box>
    </Box>
  );
}

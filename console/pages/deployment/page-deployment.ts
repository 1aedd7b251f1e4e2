import { useOutletContext } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';

/** The deployment that the page around a tab has read. */
export function usePageDeployment(): Deployment {
  return useOutletContext<Deployment>();
}

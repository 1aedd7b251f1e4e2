import * as z from 'zod';

/** What is wanted of a deployment. */
export const DesiredState = z.enum(['running', 'suspended', 'cancelled']).meta({ id: 'DesiredState' });
export type DesiredState = z.infer<typeof DesiredState>;

/** What is observed of it. `transitioning` lasts as long as an operation changes it. */
export const DeploymentState = z
  .enum(['running', 'suspended', 'cancelled', 'transitioning', 'failed', 'finished'])
  .meta({ id: 'DeploymentState' });
export type DeploymentState = z.infer<typeof DeploymentState>;

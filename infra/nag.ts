import { Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { acknowledgeFindings } from './acknowledgements.ts';

/** Makes synthesis fail for every finding of cdk-nag's AWS Solutions pack that is not acknowledged. */
export async function checkByNag(app: App): Promise<void> {
  // Loaded only here: it takes as long as the rest of the synthesis.
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  acknowledgeFindings(app);
}

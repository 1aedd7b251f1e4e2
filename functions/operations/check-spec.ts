import { Problem } from '#contract/problems.ts';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import { sinkFaults } from '../control/check-ends.ts';
import { checkConfiguration } from '../control/check-configuration.ts';
import type { Platform } from '../middleware/platform.ts';
import { existingVersion } from '../api/existing.ts';

/** Throws unless the version exists and takes the configuration. */
export async function checkSpec(platform: Platform, namespace: string, spec: DeploymentSpec): Promise<void> {
  const version = await existingVersion(platform, namespace, spec.application, spec.version);
  checkSinks(spec, version.graph);
  const errors = checkConfiguration(spec.configuration, version.configurationSchema);
  const first = errors[0];
  if (first === undefined) return;
  throw new Problem('invalid-request', `Cannot accept the configuration: ${first.pointer} ${first.message}`, {
    errors,
  });
}

function checkSinks({ sinks }: DeploymentSpec, graph: GraphDescription): void {
  const errors = sinkFaults(sinks, graph);
  const first = errors[0];
  if (first === undefined) return;
  throw new Problem('invalid-request', `Cannot accept the spec: ${first.pointer} ${first.message}`, {
    errors,
  });
}

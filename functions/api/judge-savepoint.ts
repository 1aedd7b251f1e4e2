import { GraphDescription } from '#contract/resources/application-version.ts';
import { Verdict } from '#contract/resources/verdict.ts';
import type { Manifest } from '#engine/index.ts';
import { verdict } from '../control/verdict.ts';
import { handler } from '../middleware/call.ts';
import { existingVersion } from './existing.ts';
import { manifestOf, savepointNamed } from './read-savepoint.ts';

/** Whether a version can begin from a savepoint, by the spec of the deployment that it belongs to. */
export const judgeSavepoint = handler('judgeSavepoint', async ({ platform, params, query }) => {
  const { deployment, savepoint } = await savepointNamed(platform, params);
  const { application, version, restoreTolerance } = deployment.spec;
  const { graph } = await existingVersion(platform, params.namespace, application, query.version ?? version);
  const { manifest } = await manifestOf(platform, savepoint);
  return { body: Verdict.parse(verdict(graphOf(manifest), graph, restoreTolerance)) };
});

/** The program that wrote a savepoint, as far as its state is concerned. */
function graphOf({ application, operators }: Manifest): GraphDescription {
  return GraphDescription.parse({
    application,
    nodes: operators.map(({ id, name, kind, state }) => ({
      id,
      name,
      kind,
      state,
      inputs: [],
      description: {},
    })),
  });
}

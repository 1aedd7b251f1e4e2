import { Application } from '#contract/resources/application.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { handler } from '../middleware/call.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { checkRevision, commitChange } from './changes.ts';
import { existingApplication } from './existing.ts';

export const updateApplication = handler('updateApplication', async ({ platform, params, body, ifMatch }) => {
  const { stores, now } = platform;
  const before = await existingApplication(platform, params.namespace, params.application);
  const what = `application "${before.name}"`;
  checkRevision(what, before, ifMatch);
  const application = parsePart(Application, {
    ...before,
    description: body.description ?? before.description,
    retention: body.retention ?? before.retention,
    labels: mergePatch(before.labels, body.labels ?? {}),
    annotations: mergePatch(before.annotations, body.annotations ?? {}),
    modifiedAt: now().toISOString(),
    revision: before.revision + 1,
  });
  await commitChange(stores, what, [stores.applications.replaced(application)]);
  return { body: application, revision: application.revision };
});

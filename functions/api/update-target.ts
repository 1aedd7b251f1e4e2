import { DeploymentTargetInput } from '#contract/resources/deployment-target.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { handler } from '../middleware/call.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { changeTarget } from './change-target.ts';

export const updateTarget = handler('updateTarget', ({ platform, params, query, body, access, ifMatch }) =>
  changeTarget(platform, params.target, {
    ifMatch,
    dryRun: query.dryRun,
    actor: access.actor,
    wanted: ({ createdAt: _created, modifiedAt: _modified, revision: _revision, ...before }) =>
      parsePart(DeploymentTargetInput, mergePatch(before, body)),
  }),
);

import { Problem } from '#contract/problems.ts';
import { compareVersions } from '../control/compare-versions.ts';
import { handler } from '../middleware/call.ts';
import { versionNamed } from './existing.ts';

export const compareApplicationVersions = handler(
  'compareApplicationVersions',
  async ({ platform, params, query }) => {
    const [before, after] = await Promise.all([
      versionNamed(platform, params),
      versionNamed(platform, { ...params, version: params.other }),
    ]);
    const tolerance = {
      renames: renamesOf(query.rename ?? []),
      allowNonRestoredState: query.allowNonRestoredState === 'true',
    };
    return { body: compareVersions(before, after, tolerance) };
  },
);

function renamesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair, index) => {
      const [from = '', to = ''] = pair.split(':');
      if (from !== '' && to !== '') return [from, to];
      const message = `Cannot rename by "${pair}": write it as old:new, such as detect:find-fraud`;
      throw new Problem('invalid-request', message, {
        errors: [{ pointer: `/query/rename/${index}`, message: 'must be old:new' }],
      });
    }),
  );
}

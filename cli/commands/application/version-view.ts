import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import { bytes } from '../../output/text.ts';
import type { View } from '../../output/view.ts';

/** A version as a record. */
export function versionView(version: ApplicationVersion): View {
  return {
    kind: 'record',
    fields: [
      ['Application', version.application],
      ['Version', String(version.version)],
      ['Tag', version.tag ?? '-'],
      ['Labels', labelText(version)],
      ['SHA-256', version.sha256],
      ['Size', bytes(version.sizeBytes)],
      ['Commit', commitText(version)],
      ['Author', version.author ?? '-'],
      ['Created', `${version.createdAt} by ${version.createdBy}`],
      ['Retired', version.retiredAt ?? '-'],
      ['Operators', version.graph.nodes.map((node) => node.name).join(', ')],
    ],
  };
}

export function labelText({ labels }: Pick<ApplicationVersion, 'labels'>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}:${value}`);
  return pairs.length === 0 ? '-' : pairs.join(' ');
}

/** The commit with its branch, and whether the files were those of the commit. */
export function commitText({
  commit,
  branch,
  dirty,
}: Pick<ApplicationVersion, 'commit' | 'branch' | 'dirty'>): string {
  if (commit === null) return '-';
  const place = branch === null ? '' : ` on ${branch}`;
  return `${commit.slice(0, 12)}${place}${dirty ? ', with changes that were not committed' : ''}`;
}

import type { Difference } from '#contract/resources/difference.ts';
import type { OperatorChange, VersionComparison } from '#contract/resources/version-comparison.ts';
import type { Command } from '../../command.ts';
import { exitCode } from '../../exit-code.ts';
import { bytes } from '../../output/text.ts';
import { versionReference } from '../../version-reference.ts';
import { commitText } from './version-view.ts';

export const diffVersions: Command = {
  path: ['application', 'diff'],
  summary: 'compare two versions: operators, state, configuration; exits 6 when state does not fit',
  arguments: [
    { name: 'application', about: 'its name' },
    { name: 'before', about: 'number or tag of the version that state comes from' },
    { name: 'after', about: 'number or tag of the version that it would go to' },
  ],
  flags: {
    rename: {
      type: 'string',
      about: 'an operator that is called otherwise now, as old:new; repeatable',
      multiple: true,
    },
    'allow-non-restored-state': { type: 'boolean', about: 'state that nobody reads may stay behind' },
  },
  examples: ['application diff payments-dashboard 7 c8b3f'],
  async run({ client, namespace, args, flags }) {
    const application = args['application'] ?? '';
    const named = (name: string): string => versionReference(args[name] ?? '', application);
    const rename = flags['rename'];
    const body = await (
      await client()
    ).get('compareApplicationVersions', {
      params: { namespace, application, version: named('before'), other: named('after') },
      query: {
        ...(typeof rename === 'object' ? { rename: [...rename] } : {}),
        allowNonRestoredState: flags['allow-non-restored-state'] === true ? 'true' : 'false',
      },
    });
    const isRefused = body.verdict.compatibility === 'incompatible';
    return {
      body,
      view: { kind: 'text', text: comparisonText(body) },
      ...(isRefused ? { exit: exitCode.conflict } : {}),
    };
  },
};

/** As people read it: signs before what came, went and changed, and the verdict last. */
export function comparisonText(comparison: VersionComparison): string {
  const { application, before, after, identical, verdict } = comparison;
  const size = comparison.sizeDifferenceBytes;
  const lines = [
    `${application} ${before.version} -> ${after.version}${identical ? ' (the same bundle)' : ''}`,
    `  Commit  ${commitText(before)} -> ${commitText(after)}`,
    `  Author  ${before.author ?? '-'} -> ${after.author ?? '-'}`,
    `  Size    ${bytes(before.sizeBytes)} -> ${bytes(after.sizeBytes)} (${size < 0 ? '-' : '+'}${bytes(Math.abs(size))})`,
    ...section('Operators', comparison.operators.flatMap(operatorLines)),
    ...section(
      'Ways of records',
      comparison.edges.map(
        ({ change, from, to, exchange }) => `${SIGNS[change]} ${from} -> ${to} (${exchange})`,
      ),
    ),
    ...section(
      'Configuration',
      comparison.configuration.map(
        ({ change, pointer, message, breaking }) =>
          `${SIGNS[change]} ${pointer} ${message}${breaking ? ' [breaking]' : ''}`,
      ),
    ),
    ...section(
      `State: ${verdict.compatibility}`,
      verdict.states.flatMap(({ operator, state, compatibility, reason, remedy }) => [
        `${state === null ? operator : `${operator}.${state}`}: ${compatibility}: ${reason}`,
        ...(remedy === null ? [] : [`  ${remedy}`]),
      ]),
      true,
    ),
  ];
  return lines.join('\n');
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function section(title: string, lines: readonly string[], always = false): string[] {
  if (lines.length === 0 && !always) return [];
  return ['', title, ...lines.map((line) => `  ${line}`)];
}

function operatorLines({ name, kind, change, differences }: OperatorChange): string[] {
  return [`${SIGNS[change]} ${name} (${kind})`, ...differences.map((one) => `    ${differenceText(one)}`)];
}

function differenceText({ pointer, before, after }: Difference): string {
  return `${pointer.slice(1).replaceAll('/', '.')}: ${shown(before)} -> ${shown(after)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

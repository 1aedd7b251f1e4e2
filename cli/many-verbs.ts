/** One verb for many deployments: page after page, until every one that was chosen has its answer. */
import type { ManyVerbs, VerbOutcome } from '#contract/resources/many-verbs.ts';
import type { Flag, Invocation, Result } from './command.ts';
import { CliError, exitCode } from './exit-code.ts';
import { verbCall } from './follow-operation.ts';

/** Flags that choose deployments instead of a name. */
export const manyFlags: Readonly<Record<string, Flag>> = {
  label: {
    type: 'string',
    about: 'instead of a name: every deployment with this label, as key=value; may be repeated',
    multiple: true,
  },
};

const PAGE = 100;

export async function runMany(invocation: Invocation, verb: ManyVerbs['verb']): Promise<Result> {
  const { flags, namespace } = invocation;
  const labels = Array.isArray(flags['label']) ? flags['label'].map(selector) : [];
  if (labels.length === 0) {
    throw new CliError(
      exitCode.usage,
      `Cannot ${verb}: name a deployment, or choose some with --label key=value`,
    );
  }
  const client = await invocation.client();
  const call = verbCall(invocation);
  const items: VerbOutcome[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.get('createOperations', {
      params: { namespace },
      body: {
        verb,
        labels,
        limit: PAGE,
        acceptStateLoss: flags['accept-state-loss'] === true,
        ...(typeof flags['description'] === 'string' ? { description: flags['description'] } : {}),
        ...(cursor === undefined ? {} : { cursor }),
      },
      ...call,
    });
    items.push(...page.items);
    cursor = page.next;
  }
  const refused = items.filter(({ problem }) => problem !== null).length;
  invocation.say(`${items.length - refused} accepted, ${refused} refused`);
  return {
    body: { items, accepted: items.length - refused, refused },
    view: {
      kind: 'table',
      columns: ['deployment', 'answer', 'detail'],
      rows: items.map(({ deployment, operation, problem }) => [
        deployment,
        problem === null ? (operation === null ? 'would' : operation.state) : 'refused',
        problem?.detail ?? operation?.id ?? '',
      ]),
      empty: 'No deployment has these labels.',
    },
    exit: refused > 0 ? exitCode.conflict : exitCode.ok,
  };
}

/** The API writes `key:value`; in a terminal `key=value` is what one expects. */
function selector(text: string): string {
  return text.includes(':') ? text : text.replace('=', ':');
}

/** Prometheus texts of many jobs as one, in which every sample names its deployment. */

/** What one job says of itself. */
export interface JobMetrics {
  readonly namespace: string;
  readonly deployment: string;
  readonly text: string;
}

interface Family {
  /** Its HELP and TYPE lines. */
  readonly head: string[];
  readonly samples: string[];
}

/**
 * Samples of one metric stand together, as the format asks for, whichever job they come from. A line that is none is
 * left out, so that one odd job does not spoil what is said of all others.
 */
export function mergeMetrics(jobs: readonly JobMetrics[]): string {
  const families = new Map<string, Family>();
  for (const job of jobs) {
    for (const line of job.text.split('\n')) addLine(families, line, job);
  }
  return [...families.values()].map(({ head, samples }) => [...head, ...samples, ''].join('\n')).join('');
}

function addLine(families: Map<string, Family>, line: string, job: JobMetrics): void {
  const comment = /^# (?:HELP|TYPE) ([a-zA-Z_:][\w:]*) /.exec(line);
  if (comment !== null) {
    const { head } = family(families, comment[1] ?? '');
    // Every job says what its metrics are; the first one is heard.
    const kind = line.slice(0, 7);
    if (!head.some((each) => each.startsWith(kind))) head.push(line);
    return;
  }
  const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (sample === null) return;
  const [, name = '', labels = '', value = ''] = sample;
  const own = `namespace="${job.namespace}",deployment="${job.deployment}"`;
  family(families, name).samples.push(`${name}{${own}${labels === '' ? '' : `,${labels}`}} ${value}`);
}

function family(families: Map<string, Family>, name: string): Family {
  const known = families.get(name);
  if (known !== undefined) return known;
  const made: Family = { head: [], samples: [] };
  families.set(name, made);
  return made;
}

/** How many deployments are in each state, in the same format. */
export function deploymentMetrics(
  states: readonly { readonly namespace: string; readonly state: string }[],
): string {
  const counts = new Map<string, number>();
  for (const { namespace, state } of states) {
    const labels = `namespace="${namespace}",state="${state}"`;
    counts.set(labels, (counts.get(labels) ?? 0) + 1);
  }
  return [
    '# HELP headwater_deployments Deployments of a namespace by their state.',
    '# TYPE headwater_deployments gauge',
    ...[...counts].map(([labels, count]) => `headwater_deployments{${labels}} ${count}`),
    '',
  ].join('\n');
}

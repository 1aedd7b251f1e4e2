/** What went wrong, newest first: in the form of Flink 2, and beside it in that of 1.20. */
import type { Fault } from '../runtime/job-status.ts';
import { stackOf } from './failure-cause.ts';
import { jobOf } from './job-lookup.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';

// Flink's default for `maxExceptions`.
const EXCEPTIONS_DEFAULT = 20;

export function exceptionsView(context: RestContext, request: RestRequest): object {
  const { faults, firstFault } = jobOf(context, request);
  const wanted = wantedNumber(request);
  const labelled = labelFilter(request.query.get('failureLabelFilter'));
  const found = faults.filter((fault) => labelled(labelsOf(fault)));
  const entries = found.slice(0, wanted).map(exceptionEntry);
  const truncated = found.length > entries.length;
  const root = faults[0] ?? firstFault;
  return {
    exceptionHistory: { entries, truncated },
    // Removed in Flink 2.0, asked for by clients of 1.20.
    ...(root === undefined ? {} : { 'root-exception': stackOf(root), timestamp: root.atMs }),
    'all-exceptions': found.slice(0, wanted).map(oldEntry),
    truncated,
  };
}

function exceptionEntry(fault: Fault): object {
  return {
    exceptionName: fault.name,
    stacktrace: stackOf(fault),
    timestamp: fault.atMs,
    failureLabels: labelsOf(fault),
    taskName: taskName(fault),
    endpoint: null,
    taskManagerId: 'worker',
    // The first fault ends an attempt, so that no other can be its equal.
    concurrentExceptions: [],
  };
}

function oldEntry(fault: Fault): object {
  return {
    exception: stackOf(fault),
    task: taskName(fault),
    location: '(unassigned)',
    endpoint: '(unassigned)',
    timestamp: fault.atMs,
    taskManagerId: 'worker',
  };
}

/** Flink's labels are free text, so the operator and the record in hand find their place here. */
function labelsOf({ message, operator, record, key }: Fault): Readonly<Record<string, string>> {
  const labels = Object.entries({ message, operator, record, key });
  return Object.fromEntries(
    labels.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function wantedNumber({ query }: RestRequest): number {
  const wanted = Number(query.get('maxExceptions') ?? EXCEPTIONS_DEFAULT);
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new RestError(400, 'Cannot list exceptions: maxExceptions must be a whole number above 0');
  return wanted;
}

/** Reads `key:value,key:value`; of several all must fit. */
function labelFilter(text: string | null): (labels: Readonly<Record<string, string>>) => boolean {
  if (text === null || text === '') return () => true;
  const wanted = text.split(',').map((pair) => {
    const at = pair.indexOf(':');
    if (at < 1)
      throw new RestError(400, `Cannot filter exceptions by "${pair}": write a label as in operator:to-eur`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return (labels) => wanted.every(([name, value]) => labels[name] === value);
}

function taskName({ vertex, subtask }: Fault): string | null {
  if (vertex === undefined) return null;
  return subtask === undefined ? vertex : `${vertex} (${subtask + 1})`;
}

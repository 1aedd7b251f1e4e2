/** CloudWatch Logs: what clients write and read, over the files of `LogStore`. */
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { objects, optionalNumber, optionalText, text, texts } from '../../input.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, OperationInput } from '../service.ts';
import { LogStore } from './log-store.ts';
import type { StoredLogLine } from './log-store.ts';

const pageLines = 10_000;

/** The logs service and the store that other local services write to. */
export interface Logs extends JsonService {
  readonly store: LogStore;
}

/** Opens CloudWatch Logs over the directory `logs/`. */
export function openLogs(options: { directory: string; place: Place }): Logs {
  const store = new LogStore(options.directory);
  const service = jsonService({
    targets: ['Logs_20140328'],
    contentType: 'application/x-amz-json-1.1',
    close: () => store.flush(),
    operations: {
      ...groupOperations(store, options.place),
      ...streamOperations(store, options.place),
      PutLogEvents: (input) => putLogEvents(store, input),
      GetLogEvents: (input) => getLogEvents(store, input),
      FilterLogEvents: (input) => filterLogEvents(store, input),
    },
  });
  return { ...service, store };
}

type Operations = Parameters<typeof jsonService>[0]['operations'];

function groupOperations(store: LogStore, place: Place): Operations {
  return {
    CreateLogGroup(input) {
      const group = text(input, 'logGroupName');
      if (!store.createGroup(group)) throw alreadyExists('log group');
      return {};
    },
    DeleteLogGroup(input) {
      store.deleteGroup(existingGroup(store, input));
      return {};
    },
    PutRetentionPolicy: () => ({}),
    DescribeLogGroups(input) {
      const prefix = optionalText(input, 'logGroupNamePrefix') ?? '';
      const groups = store.groups().filter((group) => group.startsWith(prefix));
      return {
        logGroups: groups.map((group) => ({
          logGroupName: group,
          arn: `${arnOf(place, 'logs', `log-group:${group}`)}:*`,
          storedBytes: 0,
        })),
      };
    },
  };
}

function streamOperations(store: LogStore, place: Place): Operations {
  return {
    async CreateLogStream(input) {
      const group = existingGroup(store, input);
      const stream = text(input, 'logStreamName');
      if (store.streams(group).includes(stream)) throw alreadyExists('log stream');
      store.createStream(group, stream);
      await store.flush();
      return {};
    },
    DescribeLogStreams(input) {
      const group = existingGroup(store, input);
      const prefix = optionalText(input, 'logStreamNamePrefix') ?? '';
      const streams = store.streams(group).filter((stream) => stream.startsWith(prefix));
      const described = streams.map((stream) => ({
        logStreamName: stream,
        arn: arnOf(place, 'logs', `log-group:${group}:log-stream:${stream}`),
        lastEventTimestamp: store.lastWriteAt(group, stream),
      }));
      if (input['orderBy'] === 'LastEventTime')
        described.sort((a, b) => a.lastEventTimestamp - b.lastEventTimestamp);
      if (input['descending'] === true) described.reverse();
      return { logStreams: described.slice(0, optionalNumber(input, 'limit') ?? 50) };
    },
  };
}

async function putLogEvents(store: LogStore, input: OperationInput): Promise<unknown> {
  const group = existingGroup(store, input);
  const stream = text(input, 'logStreamName');
  const lines = objects(input, 'logEvents').map((event) => ({
    timestamp: optionalNumber(event, 'timestamp') ?? Date.now(),
    message: text(event, 'message'),
  }));
  store.append(group, stream, lines);
  await store.flush();
  return { nextSequenceToken: '0' };
}

/** Tokens are positions in the stream, as in AWS opaque and prefixed by their direction. */
async function getLogEvents(store: LogStore, input: OperationInput): Promise<unknown> {
  const group = existingGroup(store, input);
  const stream = text(input, 'logStreamName');
  if (!store.streams(group).includes(stream)) throw notFound('log stream');
  const lines = (await store.read(group, stream)).filter(within(input));
  const limit = Math.min(optionalNumber(input, 'limit') ?? pageLines, pageLines);
  const token = /^([fb])\/(\d+)$/.exec(optionalText(input, 'nextToken') ?? '');
  let from = input['startFromHead'] === true ? 0 : Math.max(0, lines.length - limit);
  if (token?.[1] === 'f') from = Number(token[2]);
  if (token?.[1] === 'b') from = Math.max(0, Number(token[2]) - limit);
  const events = lines.slice(from, from + limit);
  return { events, nextForwardToken: `f/${from + events.length}`, nextBackwardToken: `b/${from}` };
}

async function filterLogEvents(store: LogStore, input: OperationInput): Promise<unknown> {
  const group = existingGroup(store, input);
  const wanted = texts(input, 'logStreamNames');
  const prefix = optionalText(input, 'logStreamNamePrefix') ?? '';
  const streams = store
    .streams(group)
    .filter((stream) => stream.startsWith(prefix) && (wanted.length === 0 || wanted.includes(stream)));
  const matches = lineFilter(optionalText(input, 'filterPattern') ?? '');
  const found = [];
  for (const stream of streams) {
    const lines = (await store.read(group, stream)).filter(within(input));
    found.push(...lines.filter(matches).map((line) => ({ ...line, logStreamName: stream })));
  }
  found.sort((a, b) => a.timestamp - b.timestamp);
  const from = Number(optionalText(input, 'nextToken') ?? 0);
  const limit = Math.min(optionalNumber(input, 'limit') ?? pageLines, pageLines);
  const events = found
    .slice(from, from + limit)
    .map((line, index) => ({ ...line, eventId: String(from + index).padStart(20, '0') }));
  return { events, ...(from + limit < found.length ? { nextToken: String(from + limit) } : {}) };
}

function within(input: OperationInput): (line: StoredLogLine) => boolean {
  const start = optionalNumber(input, 'startTime') ?? 0;
  const end = optionalNumber(input, 'endTime') ?? Number.POSITIVE_INFINITY;
  return (line) => line.timestamp >= start && line.timestamp < end;
}

function lineFilter(pattern: string): (line: StoredLogLine) => boolean {
  if (pattern.trimStart().startsWith('{') || pattern.trimStart().startsWith('[')) {
    const message = `Filter pattern "${pattern}" is not understood locally: only words and quoted phrases are`;
    throw new AwsError(400, 'InvalidParameterException', message);
  }
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return (line) => terms.every((term) => line.message.includes(term));
}

function existingGroup(store: LogStore, input: OperationInput): string {
  const group = optionalText(input, 'logGroupName') ?? text(input, 'logGroupIdentifier');
  if (!store.hasGroup(group)) throw notFound('log group');
  return group;
}

function notFound(what: string): AwsError {
  return new AwsError(400, 'ResourceNotFoundException', `The specified ${what} does not exist.`);
}

function alreadyExists(what: string): AwsError {
  return new AwsError(400, 'ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

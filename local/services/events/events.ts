/** EventBridge: the default bus, its rules, and schedules. */
import { randomUUID } from 'node:crypto';
import { DeliveryQueue } from '../../delivery-queue.ts';
import { isObject, objects, optionalText, text, texts } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, OperationInput } from '../service.ts';
import { matchesPattern } from './event-pattern.ts';
import { startSchedule } from './schedule.ts';
import type { RunningSchedule } from './schedule.ts';
import { targetInput } from './target-input.ts';
import type { EventTarget } from './target-input.ts';

// AWS tries for a day; a laptop that could not deliver for some minutes has another problem.
const attempts = 9;
const firstDelayMs = 500;

/** A rule or schedule as the template declares it. */
export interface EventRule {
  readonly name: string;
  readonly pattern?: unknown;
  readonly schedule?: string;
  readonly timezone?: string;
  readonly enabled: boolean;
  readonly targets: readonly EventTarget[];
}

/** An event as its source hands it in. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources?: readonly string[];
}

/** The bus with the calls that other local services make in the process. */
export interface Events extends JsonService {
  putRule(rule: EventRule): void;
  /** Puts an event on the default bus; each rule that wants it gets it at least once, also across a restart. */
  publish(entry: EventEntry): string;
  /** Begins to deliver and to follow schedules, once rules and targets are defined. */
  start(): void;
}

/** Options of `openEvents`. */
export interface EventsOptions {
  /** Keeps events until they are delivered. */
  readonly file: string;
  readonly place: Place;
  /** Hands JSON text to a Lambda function or a state machine. */
  deliver(targetArn: string, payload: string): Promise<void>;
  readonly onError: (message: string) => void;
}

/** Opens EventBridge. */
export function openEvents(options: EventsOptions): Events {
  const bus = new Bus(options);
  const service = jsonService({
    targets: ['AWSEvents'],
    contentType: 'application/x-amz-json-1.1',
    operations: {
      PutEvents: (input) => putEvents(input, (entry) => bus.publish(entry)),
      ListRules: () => ({ Rules: bus.rules().map((rule) => describe(rule, options.place)) }),
      DescribeRule: (input) => describe(ruleNamed(bus, text(input, 'Name')), options.place),
      ListTargetsByRule: (input) => ({
        Targets: ruleNamed(bus, text(input, 'Rule')).targets.map(describeTarget),
      }),
      ListEventBuses: () => ({ EventBuses: [describeBus(options.place)] }),
      DescribeEventBus: () => describeBus(options.place),
      TestEventPattern: (input) => ({
        Result: matchesPattern(jsonMember(input, 'EventPattern'), jsonMember(input, 'Event')),
      }),
    },
    close: () => bus.close(),
  });
  return {
    ...service,
    publish: (entry) => bus.publish(entry),
    putRule: (rule) => bus.putRule(rule),
    start: () => bus.start(),
  };
}

class Bus {
  readonly #place: Place;
  readonly #queue: DeliveryQueue;
  readonly #rules = new Map<string, EventRule>();
  readonly #schedules = new Map<string, RunningSchedule>();
  #started = false;

  constructor(options: EventsOptions) {
    this.#place = options.place;
    this.#queue = new DeliveryQueue({
      file: options.file,
      attempts,
      firstDelayMs,
      deliver: (target, payload) => options.deliver(target, payload),
      onGivenUp: (target, cause) => options.onError(`An event did not reach "${target}": ${String(cause)}`),
    });
  }

  rules(): EventRule[] {
    return [...this.#rules.values()];
  }

  publish(entry: EventEntry): string {
    const event = envelope(entry, this.#place);
    for (const rule of this.#rules.values()) {
      if (rule.enabled && rule.pattern !== undefined && matchesPattern(rule.pattern, event))
        this.#send(rule, event);
    }
    return event.id;
  }

  putRule(rule: EventRule): void {
    this.#rules.set(rule.name, rule);
    this.#follow(rule);
  }

  start(): void {
    this.#started = true;
    this.#queue.start();
    for (const rule of this.#rules.values()) this.#follow(rule);
  }

  async close(): Promise<void> {
    for (const schedule of this.#schedules.values()) schedule.stop();
    await this.#queue.close();
  }

  #follow(rule: EventRule): void {
    this.#schedules.get(rule.name)?.stop();
    this.#schedules.delete(rule.name);
    if (rule.schedule === undefined || !rule.enabled || !this.#started) return;
    const resources = [arnOf(this.#place, 'events', `rule/${rule.name}`)];
    const entry = { source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources };
    const fire = () => this.#send(rule, envelope(entry, this.#place));
    this.#schedules.set(rule.name, startSchedule(rule.schedule, rule.timezone ?? 'UTC', fire));
  }

  #send(rule: EventRule, event: unknown): void {
    for (const target of rule.targets) this.#queue.add(target.arn, targetInput(target, event));
  }
}

function putEvents(input: OperationInput, publish: (entry: EventEntry) => string): unknown {
  const entries = objects(input, 'Entries').map((entry) => {
    const [source, detailType] = [optionalText(entry, 'Source'), optionalText(entry, 'DetailType')];
    if (source === undefined || detailType === undefined) {
      return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Source and DetailType are required.' };
    }
    const detail = parseDetail(optionalText(entry, 'Detail') ?? '');
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    return { EventId: publish({ source, detailType, detail, resources: texts(entry, 'Resources') }) };
  });
  return { FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries };
}

function parseDetail(detail: string): unknown {
  try {
    const parsed: unknown = JSON.parse(detail);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function envelope(entry: EventEntry, place: Place) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.detailType,
    source: entry.source,
    account: place.account,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: entry.resources ?? [],
    detail: entry.detail,
  };
}

function ruleNamed(bus: Bus, name: string): EventRule {
  const rule = bus.rules().find((candidate) => candidate.name === name);
  if (rule === undefined) throw new AwsError(400, 'ResourceNotFoundException', 'Rule does not exist.');
  return rule;
}

function jsonMember(input: OperationInput, member: string): unknown {
  try {
    return JSON.parse(text(input, member)) as unknown;
  } catch (cause) {
    if (cause instanceof AwsError) throw cause;
    throw new AwsError(
      400,
      'InvalidEventPatternException',
      `Member "${member}" is not JSON: ${String(cause)}`,
    );
  }
}

function describeBus(place: Place) {
  return { Name: 'default', Arn: arnOf(place, 'events', 'event-bus/default') };
}

function describeTarget({ id, arn, input, inputPath, inputTransformer }: EventTarget) {
  const transformer = inputTransformer && {
    InputPathsMap: inputTransformer.paths,
    InputTemplate: inputTransformer.template,
  };
  return { Id: id, Arn: arn, Input: input, InputPath: inputPath, InputTransformer: transformer };
}

function describe(rule: EventRule, place: Place) {
  return {
    Name: rule.name,
    Arn: arnOf(place, 'events', `rule/${rule.name}`),
    EventPattern: rule.pattern === undefined ? undefined : JSON.stringify(rule.pattern),
    ScheduleExpression: rule.schedule,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: 'default',
  };
}

import type { Source } from '../connectors/connector.ts';
import { type Duration, positiveMs } from '../data/duration.ts';
import { dataTypeOf } from '../data/data-type.ts';
import type { Issue, Schema } from '../data/schema.ts';
import { t } from '../data/built-in-types.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { WatermarkAlignment } from '../operators/operator-definition.ts';
import { type EventTimeOptions, watermarkDescription, watermarkStrategy } from './event-time.ts';
import { GraphBuilder } from './graph-builder.ts';
import { fromJsonForms } from './json-forms.ts';
import type { None } from './process-spec.ts';
import { addOperator, type Stream, type StreamWithSides, textOptions } from './stream.ts';

/** When event time passes for the records of a source, each split by itself. */
export interface SourceOptions<T = never> extends EventTimeOptions<T> {
  /**
   * Sources of the same group wait for each other: none reads more than `maxDrift` of event time, and a batch of
   * records, ahead of the slowest. It takes `idle` too, since a silent split would stop all others.
   */
  readonly align?: { readonly group: string; readonly maxDrift: Duration };
}

/** A record of a source that no decoder could read. */
export interface Undecodable {
  readonly split: string;
  readonly position: string;
  readonly reason: string;
  readonly preview: string;
}

/** What a program's `build` is given. */
export interface Build<C> {
  /** The configuration of the deployment, checked by the program's schema. */
  readonly config: C;
  /** Adds a source. Its name is the identity of the positions it has read to. */
  source<T>(
    this: void,
    name: string,
    source: Source<T>,
    options?: SourceOptions<NoInfer<T>>,
  ): StreamWithSides<T, { readonly undecodable: Stream<Undecodable> }>;
}

/** What an application consists of. */
export interface ApplicationSpec<C> {
  /** Shape of the configuration: of forms, checks and `config`. Without it there is none. */
  readonly config?: Schema<C>;
  /**
   * Names of fields whose values are shown nowhere outside the stream, at any depth of any record: not in faults, not
   * in samples of records that were set aside.
   */
  readonly hide?: readonly string[];
  /** Describes the graph; runs once per thread, and must give the same graph for the same configuration. */
  build(this: void, build: Build<C>): void;
}

/** A program. Building its graph runs nothing of it. */
export interface Application<C = unknown> {
  readonly name: string;
  /** JSON Schema of the configuration; undefined where there is none, or where the schema's library cannot say. */
  readonly configurationSchema: Readonly<Record<string, unknown>> | undefined;
  /**
   * The graph for a configuration.
   *
   * Errors: throws with the application's name on a configuration that its schema refuses, with the path of each
   * fault, and on whatever `build` throws.
   */
  build(this: void, configuration: C): DataflowGraph;
}

/**
 * Declares an application; a program's module exports it as its default.
 *
 * Example:
 * ```ts
 * export default application('clicks', {
 *   config: t.row({ table: t.string }),
 *   build({ source, config }) {
 *     source('clicks', kinesis({ stream: 'clicks', schema: Click, time: (c) => c.at }), { watermark: '5 seconds' })
 *       .keyBy((c) => c.page)
 *       .window(tumbling('1 minute'))
 *       .aggregate('per-page', { clicks: count() })
 *       .to(dynamoDb({ table: config.table, key: (r) => ({ page: r.key }) }), 'pages');
 *   },
 * });
 * ```
 */
export function application<C = None>(name: string, spec: ApplicationSpec<C>): Application<C> {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    throw new Error(
      `Cannot declare application "${name}": its name must be lower-case letters, digits and hyphens, begin with a letter and have at most 63`,
    );
  }
  return {
    name,
    configurationSchema: spec.config?.['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }),
    build(configuration) {
      const builder = new GraphBuilder(name);
      const config = checkedConfiguration(name, spec.config, configuration);
      try {
        // Its type cannot keep an asynchronous function out: one that answers a promise is assignable to `void`.
        const answer: unknown = spec.build({
          config,
          source: (source, from, options) => addSource(builder, from, { name: source, ...options }),
        });
        if (answer instanceof Promise) {
          answer.catch(() => {}); // Its own failure would end the process before this one is told.
          throw new Error('build is asynchronous; describe the graph without await');
        }
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Cannot build application "${name}": ${reason}`, { cause });
      }
      const { hide = [] } = spec;
      return { ...checkedGraph(builder.graph), ...(hide.length === 0 ? {} : { hide }) };
    },
  };
}

function addSource<T>(
  builder: GraphBuilder,
  from: Source<T>,
  { name, ...options }: SourceOptions<T> & { readonly name: string },
): StreamWithSides<T, { readonly undecodable: Stream<Undecodable> }> {
  const { align } = options;
  return addOperator(builder, {
    name,
    kind: 'source',
    schema: from.schema,
    sideSchemas: { undecodable: undecodableSchema },
    description: {
      connector: from.connector,
      ...textOptions(from.options),
      ...watermarkDescription(options),
      ...(align === undefined ? {} : { align: align.group, maxDrift: align.maxDrift }),
    },
    definition: {
      kind: 'source',
      source: from as Source<unknown>, // the runtime hands records on and never looks into them
      watermark: watermarkStrategy(options),
      ...(align === undefined ? {} : { align: alignmentOf(name, options) }),
    },
  });
}

function alignmentOf<T>(name: string, { align, idle }: SourceOptions<T>): WatermarkAlignment {
  const { group = '', maxDrift = '0 ms' } = align ?? {};
  if (idle === undefined) {
    throw new Error(
      `Cannot add source "${name}": it is aligned with group "${group}" and never idle, so a silent split would stop all sources of the group; give "idle" too, such as "1 minute"`,
    );
  }
  return { group, maxDriftMs: positiveMs(maxDrift, 'maxDrift') };
}

const undecodableSchema = t.row({ split: t.string, position: t.string, reason: t.string, preview: t.string });

function checkedConfiguration<C>(name: string, schema: Schema<C> | undefined, configuration: C): C {
  if (schema === undefined) {
    return configuration;
  }
  const type = dataTypeOf(schema);
  const result = schema['~standard'].validate(
    type === undefined ? configuration : fromJsonForms(type, configuration),
  );
  if (result instanceof Promise) {
    throw new Error(
      `Cannot build application "${name}": its configuration schema validates asynchronously; use one that does not`,
    );
  }
  const issues = [...(result.issues ?? []), ...unknownFields(schema, configuration)];
  if (result.issues !== undefined || issues.length > 0) {
    const faults = issues.map((issue) => `"${pathOf(issue)}" ${issue.message}`).join('; ');
    throw new Error(`Cannot build application "${name}": configuration field ${faults}`);
  }
  return result.value;
}

/** A field that the schema does not know is a typing error more often than not. Other libraries judge for themselves. */
function unknownFields(schema: Schema, configuration: unknown): Issue[] {
  const type = dataTypeOf(schema);
  if (type?.kind !== 'row' || typeof configuration !== 'object' || configuration === null) {
    return [];
  }
  const known = type.fields.map((field) => field.name);
  return Object.keys(configuration)
    .filter((field) => !known.includes(field))
    .map((field) => ({ path: [field], message: `is unknown; the fields are ${known.join(', ')}` }));
}

function pathOf(issue: Issue): string {
  return (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
}

function checkedGraph(graph: DataflowGraph): DataflowGraph {
  if (!graph.nodes.some((node) => node.kind === 'source')) {
    throw new Error(
      `Cannot build application "${graph.application}": it has no source; begin with source(name, …)`,
    );
  }
  return graph;
}

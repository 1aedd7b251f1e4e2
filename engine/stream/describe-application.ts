import { describeGraph, type GraphDescription } from '../graph/describe-graph.ts';
import { graphHash } from '../graph/graph-hash.ts';
import type { Application } from './application.ts';

/** What the platform keeps of a program beside its bundle. */
export interface ApplicationDescription {
  readonly name: string;
  readonly graph: GraphDescription;
  readonly graphHash: string;
  /** JSON Schema; null when the program takes no configuration. */
  readonly configurationSchema: Readonly<Record<string, unknown>> | null;
}

/**
 * Describes a program without a deployment: the graph is built from a configuration of placeholders, in which a text
 * field `stream` holds `{stream}`.
 *
 * Errors: throws when `build` does, such as on a configuration that its own code refuses.
 */
export function describeApplication(application: Application): ApplicationDescription {
  const schema = application.configurationSchema ?? null;
  const graph = describeGraph(application.build(schema === null ? {} : placeholder(schema, 'value')));
  return { name: application.name, graph, graphHash: graphHash(graph), configurationSchema: schema };
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly minimum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly contentEncoding?: string;
}

function placeholder(schema: JsonSchema, name: string): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return placeholder(schema.anyOf[0], name);
  switch (schema.type) {
    case 'string':
      return textPlaceholder(schema, name);
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([field, type]) => [field, placeholder(type, field)]),
      );
    default:
      return null;
  }
}

/** Text that must have a form gets one that fits: dates, decimals and bytes of a configuration are written as text. */
function textPlaceholder({ format, pattern, contentEncoding }: JsonSchema, name: string): string {
  if (format === 'date') return '1970-01-01';
  if (format === 'date-time') return '1970-01-01T00:00:00Z';
  if (contentEncoding !== undefined) return '';
  return pattern !== undefined && new RegExp(pattern).test('0') ? '0' : `{${name}}`;
}

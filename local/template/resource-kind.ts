import type { JsonObject } from '../input.ts';
import type { Place } from '../place.ts';
import type { Cloud } from './cloud.ts';
import type { NameStyle } from './physical-names.ts';

/** A resource of a template, with its functions carried out when they are asked for. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The name that the template gives, or a stable one made for it. */
  readonly name: string;
  readonly place: Place;
  /** One property, evaluated; undefined when absent. */
  property(name: string): unknown;
  /** All properties, evaluated. */
  properties(): JsonObject;
}

/** What a type of resource means here. */
export interface ResourceKind {
  /** Property that names the thing, such as TableName. */
  readonly nameProperty?: string;
  readonly nameStyle?: NameStyle;
  /** What Ref gives; the name by default. */
  reference?(resource: Resource, cloud: Cloud): string;
  /** What GetAtt gives; undefined for an attribute that is not known. */
  attribute?(resource: Resource, name: string, cloud: Cloud): string | undefined;
  /** Creates the thing or brings it up to date; what it holds is kept. */
  deploy?(resource: Resource, cloud: Cloud): void | Promise<void>;
}

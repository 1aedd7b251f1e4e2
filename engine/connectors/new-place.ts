import type { ConnectorOptions } from './connector.ts';

/** The one option by which a sink can be redirected. Throws for any other, and where it is missing. */
export function newPlace(connector: string, name: string, options: ConnectorOptions): string {
  const place = options[name];
  const unknown = Object.keys(options).find((option) => option !== name);
  if (unknown === undefined && typeof place === 'string' && place !== '') return place;
  const reason = unknown === undefined ? `option "${name}" is missing` : `it has no option "${unknown}"`;
  throw new Error(`Cannot redirect a sink of connector ${connector}: ${reason}; give "${name}" alone`);
}

import type { ConnectorHost } from '../connectors/connector.ts';
import { schedulerOf } from '../host.ts';
import type { SubtaskContext } from './subtask.ts';

/** What a connector of this subtask sees of the world. */
export function connectorHost(context: SubtaskContext, operator: string): ConnectorHost {
  const { host, listener } = context;
  return {
    ...schedulerOf(host),
    random: () => host.random(),
    environment: host.environment,
    epoch: host.epoch,
    owner: host.owner,
    report: (event) => listener.connector(operator, event),
  };
}

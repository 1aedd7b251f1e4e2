import type { ConnectorHost, SinkWriter } from '../connectors/connector.ts';
import { schedulerOf } from '../host.ts';
import type { ChainNode } from '../operators/chain.ts';
import type { SubtaskContext } from './subtask.ts';

/** The sinks of one subtask, watched together. */
export class SinkWriters {
  readonly #context: SubtaskContext;
  readonly #writers: SinkWriter<unknown>[] = [];

  constructor(context: SubtaskContext) {
    this.#context = context;
  }

  open(node: ChainNode): SinkWriter<unknown> {
    const { definition } = node;
    if (definition.kind !== 'sink')
      throw new Error(`Operator "${node.name}" is a ${definition.kind} and no sink.`);
    const writer = definition.sink.writer(connectorHost(this.#context, node.name), this.#context.subtask);
    writer.onAvailable(() => this.#context.listener.wake());
    this.#writers.push(writer);
    return writer;
  }

  /** True while a sink has more in hand than it likes. */
  get blocked(): boolean {
    for (const writer of this.#writers) if (writer.pending > writer.highWater) return true;
    return false;
  }

  /** Undefined when there is no sink, so that a subtask without one has nothing to wait for. */
  flush(): Promise<unknown> | undefined {
    return this.#writers.length === 0
      ? undefined
      : Promise.all(this.#writers.map((writer) => writer.flush()));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#writers.map((writer) => writer.close()));
  }
}

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

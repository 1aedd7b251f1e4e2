import type { ConnectorEvent, ConnectorHost } from '../connectors/connector.ts';
import { nodeScheduler } from '../worker/node-scheduler.ts';
import { seededRandom } from './seeded-random.ts';

/** What a connector is told of the job that a contract puts it into. */
export interface ContractHostOptions {
  /** 1 when left out. */
  readonly epoch?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

let hosts = 0;

/** The world of a connector under test: the clock of this machine, and one owner. */
export class ContractHost implements ConnectorHost {
  readonly clock: ConnectorHost['clock'];
  readonly schedule: ConnectorHost['schedule'];
  readonly defer: ConnectorHost['defer'];
  readonly random: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly epoch: number;
  readonly owner = 'contract';
  readonly events: ConnectorEvent[] = [];

  constructor({ epoch = 1, environment = {} }: ContractHostOptions = {}) {
    const machine = nodeScheduler();
    this.clock = machine.clock;
    this.schedule = (delayMs, task) => machine.schedule(delayMs, task);
    this.defer = (task) => machine.defer(task);
    // Attempts of one epoch differ by chance, as they do in a job.
    hosts += 1;
    this.random = seededRandom(this.clock.now() + hosts * 7919);
    this.environment = environment;
    this.epoch = epoch;
  }

  report(event: ConnectorEvent): void {
    this.events.push(event);
  }
}

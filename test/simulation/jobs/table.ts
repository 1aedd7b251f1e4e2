import { FencedError } from '#engine/host.ts';
import type { ConnectorHost, Sink, SinkWriter } from '#engine/connectors/connector.ts';
import type { Row } from '../../pipelines/pipeline.ts';
import type { Outside } from './outside.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

const DELAY_MS = 5;
const BATCH = 8;

interface Item {
  readonly value: string;
  readonly epoch: number;
}

/**
 * A table outside, with upserts under the condition that no newer epoch has written the row, as a table in DynamoDB
 * has them. It outlives all processes, and hears of writes whose sender has died meanwhile.
 */
export class Table implements Outside {
  readonly #world: World;
  readonly #items: Map<string, Item>;

  constructor(world: World, items: ReadonlyMap<string, Item> = new Map()) {
    this.#world = world;
    this.#items = new Map(items);
  }

  get rows(): ReadonlyMap<string, string> {
    return new Map([...this.#items].map(([id, { value }]) => [id, value]));
  }

  /** As it is now; the epochs of another deployment say nothing here. */
  copy(): Table {
    return new Table(
      this.#world,
      new Map([...this.#items].map(([id, { value }]) => [id, { value, epoch: 0 }])),
    );
  }

  /** The sink of one process. */
  sink(process: SimulatedProcess): Sink<Row> {
    return {
      connector: 'table',
      guarantee: 'effectively-once',
      options: {},
      writer: (host) => new TableWriter((delivery) => this.#send(process, host, delivery)),
    };
  }

  /** Resolves on the process that sent it; a process that has died meanwhile may or may not have been heard. */
  #send(process: SimulatedProcess, host: ConnectorHost, delivery: Delivery): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#world.schedule(Math.floor(host.random() * DELAY_MS), () => {
      if (delivery.recalled || (process.dead && this.#world.random() < 0.5)) return;
      const refused = delivery.rows.some((row) => !this.#upsert(row, host.epoch));
      process.schedule(Math.floor(host.random() * DELAY_MS), () => {
        if (refused) reject(new FencedError(`Simulated: epoch ${host.epoch} is not the newest`));
        else resolve();
      });
    });
    return promise;
  }

  #upsert({ id, value }: Row, epoch: number): boolean {
    const present = this.#items.get(id);
    if (present !== undefined && present.epoch > epoch) return false;
    this.#items.set(id, { value, epoch });
    return true;
  }
}

interface Delivery {
  readonly rows: readonly Row[];
  recalled: boolean;
}

/** One batch is on its way at a time, so that the rows of an id keep their order. */
class TableWriter implements SinkWriter<Row> {
  readonly highWater = 32;
  readonly #send: (delivery: Delivery) => Promise<void>;
  readonly #waiting: Row[] = [];
  #written = 0;
  #durable = 0;
  #delivery: Delivery | undefined;
  #failure: { readonly cause: unknown } | undefined;
  #told: (() => void)[] = [];
  #wake: () => void = () => undefined;

  constructor(send: (delivery: Delivery) => Promise<void>) {
    this.#send = send;
  }

  write(row: Row): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    this.#waiting.push(row);
    this.#written += 1;
    if (this.#waiting.length >= BATCH) this.#next();
  }

  get pending(): number {
    return this.#written - this.#durable;
  }

  async flush(): Promise<void> {
    const goal = this.#written;
    while (this.#durable < goal && this.#failure === undefined) {
      this.#next();
      await new Promise<void>((resolve) => this.#told.push(resolve));
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  close(): Promise<void> {
    if (this.#delivery !== undefined) this.#delivery.recalled = true;
    return Promise.resolve();
  }

  #next(): void {
    if (this.#delivery !== undefined || this.#waiting.length === 0 || this.#failure !== undefined) return;
    const delivery = { rows: this.#waiting.splice(0), recalled: false };
    this.#delivery = delivery;
    const arrived = (failure?: { readonly cause: unknown }) => {
      this.#delivery = undefined;
      if (failure === undefined) this.#durable += delivery.rows.length;
      else this.#failure = failure;
      for (const told of this.#told.splice(0)) told();
      this.#wake();
      if (this.#waiting.length >= BATCH) this.#next();
    };
    this.#send(delivery).then(
      () => arrived(),
      (cause: unknown) => arrived({ cause }),
    );
  }
}

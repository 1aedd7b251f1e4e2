import { keyGroupOf, subtaskOf, type Key } from '../../data/key-groups.ts';
import type { JobGraph, JobVertex } from '../../graph/job-graph.ts';
import type { DataflowNode } from '../../graph/dataflow-graph.ts';
import type { Cancel, Host } from '../../host.ts';
import { keyFromText } from './key-from-text.ts';
import type { SlotAnswer, SlotQuery, TableQuery } from './slot-query.ts';
import {
  PAGE_MAX,
  type StateAnswer,
  StateQueryError,
  type StateQuery,
  type StateSummary,
} from './state-query.ts';

/** User code may hold a slot's thread for so long; then the asker is told, and may ask again. */
const ANSWER_MS = 5000;

/** What queries go through. */
export interface QueryContext {
  readonly graph: JobGraph;
  readonly host: Pick<Host, 'clock' | 'schedule'>;
  readonly slots: number;
  readonly send: (slot: number, query: SlotQuery) => void;
}

interface Asked {
  readonly answered: (answer: SlotAnswer) => void;
  readonly timeout: Cancel;
}

interface Place {
  readonly vertex: JobVertex;
  readonly node: DataflowNode;
}

/** Takes queries to the slots that can answer them, and puts their answers together. One for each attempt. */
export class QueryRouter {
  readonly #context: QueryContext;
  readonly #asked = new Map<number, Asked>();
  /** By id of operator, a key that it holds: with it the slot of any other key is known. */
  readonly #samples = new Map<string, Key>();
  /** Tells the cursors of this attempt from those of others. */
  readonly #birth: number;
  #summaries: readonly StateSummary[] = [];
  #lastId = 0;
  #closed: string | undefined;

  constructor(context: QueryContext) {
    this.#context = context;
    this.#birth = context.host.clock.now();
  }

  /** A slot has answered; late answers are nobody's. */
  answered(id: number, answer: SlotAnswer): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.timeout();
    asked?.answered(answer);
  }

  /** The attempt has ended: nobody will answer any more. */
  close(reason: string): void {
    this.#closed = reason;
    for (const id of this.#asked.keys())
      this.answered(id, { kind: 'refused', refusal: 'not-running', reason });
  }

  /** All states of all operators. */
  async summaries(): Promise<readonly StateSummary[]> {
    const slots = Array.from({ length: this.#context.slots }, (_, slot) => slot);
    const answers = await Promise.all(slots.map((slot) => this.#ask(slot)));
    this.#summaries = summed(answers.flatMap((answer) => (answer.kind === 'tables' ? answer.tables : [])));
    return this.#summaries;
  }

  async read(query: StateQuery): Promise<StateAnswer> {
    const place = this.#placeOf(query.operator);
    const summary = await this.#summaryOf(place.node, query.state);
    checkQuery(query, summary);
    const from = query.cursor === undefined ? undefined : this.#cursorOf(query.cursor);
    const answer =
      from === undefined ? await this.#first(query, place, summary) : await this.#next(query, place, from);
    const { operator, state, kind } = summary;
    return { consistency: 'live', operator, state, kind, ...answer };
  }

  async #first(query: StateQuery, place: Place, summary: StateSummary): Promise<Page> {
    if (query.key === undefined) return this.#next(query, place, { slot: 0, scan: 0 });
    const sample = this.#samples.get(place.node.id);
    const { parallelism, maxParallelism } = place.vertex;
    const all = Array.from({ length: parallelism }, (_, slot) => slot);
    const slots =
      sample === undefined || summary.kind === 'broadcast'
        ? all
        : [
            subtaskOf(
              keyGroupOf(keyFromText(query.key, sample), maxParallelism),
              maxParallelism,
              parallelism,
            ),
          ];
    const pages = await Promise.all(slots.map((slot) => this.#page(query, place, { slot, scan: 0 })));
    const found = pages.find(({ entries, cursor }) => entries.length > 0 || cursor !== undefined);
    return found ?? { entries: [] };
  }

  /** A scan goes through one slot after the other. */
  async #next(query: StateQuery, place: Place, from: Cursor): Promise<Page> {
    const page = await this.#page(query, place, from);
    const next = from.slot + 1;
    const isLast = query.key !== undefined || next >= place.vertex.parallelism;
    if (page.cursor !== undefined || isLast) return page;
    return { ...page, cursor: this.#cursorText({ slot: next, scan: 0 }) };
  }

  async #page(query: StateQuery, { node }: Place, { slot, scan }: Cursor): Promise<Page> {
    const { state, key, mapKey, limit } = query;
    const table: TableQuery = {
      operatorId: node.id,
      state,
      limit,
      scan,
      ...(key === undefined ? {} : { key }),
      ...(mapKey === undefined ? {} : { mapKey }),
    };
    const answer = await this.#ask(slot, table);
    if (answer.kind !== 'page') return { entries: [] };
    if (answer.sample !== undefined) this.#samples.set(node.id, answer.sample);
    const { entries } = answer;
    return answer.scan === 0
      ? { entries }
      : { entries, cursor: this.#cursorText({ slot, scan: answer.scan }) };
  }

  #ask(slot: number, table?: TableQuery): Promise<SlotAnswer> {
    if (this.#closed !== undefined) return Promise.reject(new StateQueryError('not-running', this.#closed));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const answered = (answer: SlotAnswer): void => {
        if (answer.kind === 'refused') reject(new StateQueryError(answer.refusal, answer.reason));
        else resolve(answer);
      };
      const timeout = this.#context.host.schedule(ANSWER_MS, () =>
        this.answered(id, {
          kind: 'refused',
          refusal: 'no-answer',
          reason: `Cannot read the state: subtask ${slot} did not answer within ${ANSWER_MS} ms; ask again`,
        }),
      );
      this.#asked.set(id, { answered, timeout });
      this.#context.send(slot, { id, ...(table === undefined ? {} : { table }) });
    });
  }

  #placeOf(operator: string): Place {
    const { vertices } = this.#context.graph;
    for (const vertex of vertices) {
      const node = vertex.nodes.find(({ id, name }) => name === operator || id === operator);
      if (node !== undefined) return { vertex, node };
    }
    const known = vertices.flatMap(({ nodes }) => nodes.map(({ name }) => `"${name}"`));
    throw new StateQueryError(
      'unknown',
      `Cannot read state of operator "${operator}": the job has the operators ${known.join(', ')}`,
    );
  }

  async #summaryOf({ id, name }: DataflowNode, state: string): Promise<StateSummary> {
    const find = (): StateSummary | undefined =>
      this.#summaries.find((each) => each.operatorId === id && each.state === state);
    if (find() === undefined) await this.summaries();
    const found = find();
    if (found !== undefined) return found;
    const known = this.#summaries
      .filter(({ operatorId }) => operatorId === id)
      .map((each) => `"${each.state}"`);
    throw new StateQueryError(
      'unknown',
      `Cannot read state "${state}" of operator "${name}": it has ${known.join(', ') || 'no state'}`,
    );
  }

  #cursorText({ slot, scan }: Cursor): string {
    return Buffer.from(`${this.#birth}.${slot}.${scan}`).toString('base64url');
  }

  #cursorOf(text: string): Cursor {
    const [birth, slot, scan] = Buffer.from(text, 'base64url').toString().split('.').map(Number);
    if (birth !== this.#birth || slot === undefined || scan === undefined || slot >= this.#context.slots)
      throw new StateQueryError(
        'expired',
        `Cannot go on with cursor "${text}": it is of another attempt of the job; begin again without it`,
      );
    return { slot, scan };
  }
}

interface Cursor {
  readonly slot: number;
  readonly scan: number;
}

type Page = Pick<StateAnswer, 'entries' | 'cursor'>;

/** Kinds of state that belong to a subtask and to no key. */
const WITHOUT_KEYS: ReadonlySet<string> = new Set(['operator-list', 'broadcast', 'calls']);

function checkQuery({ key, mapKey, limit, state }: StateQuery, { kind }: StateSummary): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw new StateQueryError(
      'invalid',
      `Cannot read ${limit} entries: limit must be a whole number from 1 to ${PAGE_MAX}`,
    );
  if (key !== undefined && WITHOUT_KEYS.has(kind))
    throw new StateQueryError(
      'invalid',
      `Cannot read key "${key}" of state "${state}": it is of kind "${kind}", which has no keys; leave out the key`,
    );
  if (mapKey !== undefined && (key === undefined || kind !== 'map'))
    throw new StateQueryError(
      'invalid',
      `Cannot read map key "${mapKey}" of state "${state}": give a key too, and a state of kind "map", this one is "${kind}"`,
    );
}

/** One summary for each state; entries are those of all subtasks. */
function summed(summaries: readonly StateSummary[]): readonly StateSummary[] {
  const byState = new Map<string, StateSummary>();
  for (const summary of summaries) {
    const name = `${summary.operatorId} ${summary.state}`;
    const before = byState.get(name);
    byState.set(
      name,
      before === undefined ? summary : { ...before, ...summary, entries: before.entries + summary.entries },
    );
  }
  return [...byState.values()];
}

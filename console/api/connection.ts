/** Whether the platform answers, as the last call saw it. */
import { useSyncExternalStore } from 'react';
import { Problem } from '#contract/problems.ts';

export interface Connection {
  readonly online: boolean;
  /** When the platform last answered anything, in ms; undefined before the first answer. */
  readonly answeredAt: number | undefined;
}

let connection: Connection = { online: true, answeredAt: undefined };
const listeners = new Set<() => void>();

/** Runs a call and notes whether anybody answered; a `Problem` is an answer too. */
export async function watched<T>(call: () => Promise<T>): Promise<T> {
  try {
    const result = await call();
    note(true);
    return result;
  } catch (error) {
    if (error instanceof Problem) note(true);
    else if (!isAbort(error)) note(false);
    throw error;
  }
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

function note(online: boolean): void {
  // Listeners are told of changes only; the time of an answer alone is no reason to draw again.
  const changed = connection.online !== online;
  connection = { online, answeredAt: online ? Date.now() : connection.answeredAt };
  if (changed) for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

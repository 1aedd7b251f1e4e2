import type { EngineEvent, Reporter } from '../host.ts';
import type { Log, LogLevel } from './log.ts';

interface Line {
  readonly level: LogLevel;
  readonly message: string;
}

// A stream of broken records must not become a stream of log lines; the REST API has counts and samples.
const UNDECODABLE_EVERY_MS = 10_000;

/** Turns what the engine reports into log lines; the type of an event decides message and level. */
export function eventLog(log: Log, now: () => number): Reporter {
  let quietUntilMs = 0;
  return {
    report(event) {
      if (event.type === 'record-undecodable') {
        if (now() < quietUntilMs) {
          return;
        }
        quietUntilMs = now() + UNDECODABLE_EVERY_MS;
      }
      const { level, message } = lineOf(event);
      log(level, message, fieldsOf(event));
    },
  };
}

function lineOf(event: EngineEvent): Line {
  switch (event.type) {
    case 'job-state-changed':
      return { level: 'info', message: 'The job changed its state' };
    case 'job-restarting':
      return { level: 'warn', message: 'The job was scheduled to restart' };
    case 'job-restored':
      return { level: 'info', message: 'The job was restored' };
    case 'job-rescaled':
      return { level: 'info', message: 'The job was rescaled' };
    case 'job-fenced':
      return { level: 'warn', message: 'The job was fenced by a newer epoch' };
    case 'subtask-failed':
      return { level: 'warn', message: 'A subtask failed' };
    case 'checkpoint-completed':
      return { level: 'info', message: event.savepoint ? 'A savepoint completed' : 'A checkpoint completed' };
    case 'checkpoint-failed':
      return { level: 'warn', message: event.savepoint ? 'A savepoint failed' : 'A checkpoint failed' };
    case 'checkpoint-unreadable':
      return { level: 'warn', message: 'A checkpoint could not be read' };
    case 'chunks-not-deleted':
      return { level: 'warn', message: 'Chunks of older checkpoints could not be deleted' };
    case 'slot-blocked':
      return { level: 'warn', message: 'User code blocked its thread' };
    case 'record-set-aside':
      return { level: 'error', message: 'A record was set aside' };
    case 'record-undecodable':
      return { level: 'warn', message: 'A record could not be decoded' };
    case 'connector':
      return { level: event.level, message: event.message };
  }
}

function fieldsOf(event: EngineEvent): Readonly<Record<string, unknown>> {
  if (event.type === 'connector') {
    return { operator: event.operator, subtask: event.subtask, ...event.fields };
  }
  // The type is told by the message, the id of the job stands in every line.
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type' && name !== 'jobId'));
}

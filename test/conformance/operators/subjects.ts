import { asyncSubject } from './async-subject.ts';
import { broadcastSubject } from './broadcast-subject.ts';
import type { CaseOutput } from './case.ts';
import { keyGroupsSubject } from './key-groups-subject.ts';
import { cepSubject } from './cep-subject.ts';
import { coProcessSubject } from './co-process-subject.ts';
import { intervalJoinSubject } from './interval-join-subject.ts';
import { processSubject } from './process-subject.ts';
import { aggregateSubject, reduceSubject } from './reduce-subject.ts';
import type { Subject } from './subject.ts';
import { unionSubject } from './union-subject.ts';
import { watermarksSubject } from './watermarks-subject.ts';
import { windowJoinSubject } from './window-join-subject.ts';
import { windowSubject } from './window-subject.ts';

/** By type of operator, how a case of it is run: as a graph, or by a function that answers by itself. */
export const subjects: Readonly<Record<string, (each: never) => Subject | (() => readonly CaseOutput[])>> = {
  keyGroups: keyGroupsSubject,
  aggregate: aggregateSubject,
  async: asyncSubject,
  broadcastProcess: broadcastSubject,
  cep: cepSubject,
  coProcess: coProcessSubject,
  intervalJoin: intervalJoinSubject,
  process: processSubject,
  reduce: reduceSubject,
  union: unionSubject,
  valve: unionSubject,
  watermarks: watermarksSubject,
  coGroup: windowJoinSubject,
  windowJoin: windowJoinSubject,
  window: windowSubject,
  windowAll: windowSubject,
};

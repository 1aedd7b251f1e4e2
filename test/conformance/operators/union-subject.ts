import { application } from '#engine/stream/application.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';

/** A union of streams; a valve is one whose streams carry no records. */
export interface UnionCase {
  readonly inputs?: number;
  readonly channels?: number;
}

export function unionSubject({ operator }: Case<UnionCase>): Subject {
  const count = operator.inputs ?? operator.channels ?? 1;
  const sources = Array.from({ length: count }, (_, index) => `in${index + 1}`);
  const program = application('case', {
    build({ source }) {
      const streams = sources.map((name) => source(name, pushedSource(anything<Keyed>())));
      const [first, ...others] = streams;
      first?.union(...others).to(stubSink('out'), 'out');
    },
  });
  return { graph: program.build({}), sources, read: readKeyed };
}

import type { Command } from '../../command.ts';
import { bytes } from '../../output/text.ts';

export const describeSavepoint: Command = {
  path: ['savepoint', 'describe'],
  summary: 'show what a savepoint holds by operator and state, and what it can be restored into',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
  ],
  async run({ client, namespace, args, say }) {
    const params = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const body = await (await client()).get('getSavepointContents', { params });
    const { maxParallelism, operators } = body.restoresInto;
    say(
      `Of application "${body.application}", ${body.entries} entries, ${bytes(body.storedBytes)}; restores into a program with the operators ${operators.join(', ') || '(any)'} at a max parallelism of ${maxParallelism}`,
    );
    return {
      body,
      view: {
        kind: 'table',
        columns: ['operator', 'state', 'type', 'entries', 'size', 'stored'],
        rows: body.operators.flatMap(({ name, states, splits }) => [
          ...states.map((state) => [
            name,
            state.name,
            state.declared?.schema ?? '-',
            String(state.entries),
            bytes(state.rawBytes),
            bytes(state.storedBytes),
          ]),
          ...splits.map(({ id, position }) => [name, `split ${id}`, `at ${position}`, '-', '-', '-']),
        ]),
        empty: 'It holds no state.',
      },
    };
  },
};

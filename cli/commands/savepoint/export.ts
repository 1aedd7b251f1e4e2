import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Command } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';
import { bytes } from '../../output/text.ts';
import { refusedFile } from '../../savepoint/refused-file.ts';
import { downloadStorage } from '../../savepoint/remote-savepoint.ts';

export const exportSavepoint: Command = {
  path: ['savepoint', 'export'],
  summary: 'write a savepoint to one file, which any platform can import',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'savepoint', about: 'its id' },
    { name: 'file', about: 'the file to write; there must be none yet' },
  ],
  examples: ['savepoint export payments-production 01JD2Z8Q4X6WV5C3R9T7N1M0KB payments.savepoint'],
  async run({ client, namespace, args, say }) {
    const file = args['file'] ?? '';
    const exists = await stat(file).catch(() => undefined);
    if (exists !== undefined)
      throw new CliError(exitCode.usage, `Cannot export to ${file}: it is there already; name another file`);
    const place = { namespace, deployment: args['deployment'] ?? '', savepoint: args['savepoint'] ?? '' };
    const { manifest, storage } = await downloadStorage(await client(), place);
    const engine = await import('#engine/index.ts');
    // A file under its own name is whole.
    const part = `${file}.part`;
    try {
      await pipeline(engine.exportSavepoint(storage, manifest), createWriteStream(part));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw refusedFile(error);
    }
    const { size } = await stat(file);
    say(`Exported savepoint ${place.savepoint} to ${file}`);
    return {
      body: { savepoint: place.savepoint, file, sizeBytes: size },
      view: {
        kind: 'record',
        fields: [
          ['Savepoint', place.savepoint],
          ['File', file],
          ['Size', bytes(size)],
        ],
      },
    };
  },
};

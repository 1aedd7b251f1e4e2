import { createReadStream } from 'node:fs';
import type { Client } from '#contract/api/client.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Command } from '../../command.ts';
import { refusedFile } from '../../savepoint/refused-file.ts';
import { uploadStorage, type SavepointPlace } from '../../savepoint/remote-savepoint.ts';
import { savepointFields } from './get.ts';

/** Where the engine writes to; on the platform the names below it count. */
const DIRECTORY = 'import';

export const importSavepoint: Command = {
  path: ['savepoint', 'import'],
  summary: 'give a deployment a savepoint from a file that "savepoint export" wrote',
  arguments: [
    { name: 'deployment', about: 'name of the deployment' },
    { name: 'file', about: 'the file' },
  ],
  flags: { description: { type: 'string', about: 'kept with the savepoint' } },
  examples: ['savepoint import payments-staging payments.savepoint'],
  async run({ client, namespace, args, flags, say }) {
    const api = await client();
    const params = { namespace, deployment: args['deployment'] ?? '' };
    const description = typeof flags['description'] === 'string' ? flags['description'] : '';
    const { id } = await api.get('importSavepoint', { params, body: { description } });
    const place = { ...params, savepoint: id };
    try {
      await upload(api, place, args['file'] ?? '');
      const body = await api.get('completeSavepointImport', { params: place, body: {} });
      say(`Imported; to begin from it: headwater deployment start ${params.deployment} --restore ${id}`);
      return { body, view: { kind: 'record', fields: savepointFields(body) } };
    } catch (error) {
      await giveUp(api, place);
      throw refusedFile(error);
    }
  },
};

async function upload(api: Client, place: SavepointPlace, file: string): Promise<void> {
  const engine = await import('#engine/index.ts');
  await engine.importSavepoint(uploadStorage(api, place, DIRECTORY), DIRECTORY, createReadStream(file));
}

/** What went wrong first is what the caller must hear; the rest of an import can be deleted later as well. */
async function giveUp(api: Client, params: SavepointPlace): Promise<Savepoint | undefined> {
  return api.get('deleteSavepoint', { params, query: { purge: 'true' } }).catch(() => undefined);
}

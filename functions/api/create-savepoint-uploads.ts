import { handler } from '../middleware/call.ts';
import { savepointNamed } from './read-savepoint.ts';
import { uploadFolder, WAITING_MANIFEST } from './uploaded-savepoint.ts';

const EXPIRES_SECONDS = 900;

export const createSavepointUploads = handler(
  'createSavepointUploads',
  async ({ platform, params, body }) => {
    const { savepoint } = await savepointNamed(platform, params);
    const folder = uploadFolder(platform, savepoint);
    const { savepointObjects } = platform.stores;
    const items = await Promise.all(
      body.names.map(async (name) => {
        const key = `${folder}/${name === 'manifest.json' ? WAITING_MANIFEST : name}`;
        return { key: name, url: await savepointObjects.presignUpload(key, EXPIRES_SECONDS) };
      }),
    );
    return { body: { items } };
  },
);

import { handler } from '../middleware/call.ts';
import { VERSION } from '../middleware/version.ts';

export const getHealth = handler('getHealth', async ({ platform }) => ({
  body: { status: 'ok' as const, version: VERSION, time: platform.now().toISOString() },
}));

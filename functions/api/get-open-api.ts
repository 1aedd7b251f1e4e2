import { openApiDocument } from '#contract/api/openapi.ts';
import { handler } from '../middleware/call.ts';
import { VERSION } from '../middleware/version.ts';

let document: Record<string, unknown> | undefined;

export const getOpenApi = handler('getOpenApi', async () => {
  document ??= openApiDocument(VERSION);
  return { body: document };
});

import { join } from 'node:path';

/** Where `npm run build` put what the stacks deploy. */
export const buildDirectory = join(import.meta.dirname, '../build');

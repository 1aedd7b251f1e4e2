import { createClient } from '#contract/api/client.ts';

/** The API of the platform that serves this page. */
export const client = createClient({ url: '' });

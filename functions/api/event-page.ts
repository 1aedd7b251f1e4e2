import type { Event } from '#contract/resources/event.ts';
import type { Page } from '../stores/page.ts';

const NDJSON = 'application/x-ndjson';

interface EventReply {
  readonly body: Page<Event>;
  readonly text?: string;
  readonly next?: string | null;
}

/** A page of events, as one document or as one line for each. */
export function eventPage(
  page: Page<Event>,
  { format, accept }: { readonly format: 'json' | 'ndjson'; readonly accept: string },
): EventReply {
  if (format !== 'ndjson' && !accept.includes(NDJSON)) return { body: page };
  const text = page.items.map((event) => `${JSON.stringify(event)}\n`).join('');
  return { body: page, text, next: page.next };
}

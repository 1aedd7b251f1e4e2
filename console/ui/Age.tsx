import { ageText } from './duration-text.ts';
import { exactText, momentText } from './time-text.ts';
import { useNow } from './use-now.ts';

/** How long ago it was, with the exact moment on hover. */
export function Age({ at, suffix = ' ago' }: { readonly at: string; readonly suffix?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactText(at)} className="num">
      {ageText(now - Date.parse(at))}
      {suffix}
    </time>
  );
}

/** The moment itself, in local time. */
export function Moment({ at }: { readonly at: string | null }) {
  if (at === null) return <>–</>;
  return (
    <time dateTime={at} title={exactText(at)} className="num nowrap">
      {momentText(at)}
    </time>
  );
}

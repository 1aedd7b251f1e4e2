import Link from '@cloudscape-design/components/link';
import type { Deployment } from '#contract/resources/deployment.ts';

const PREFIX = 'link/';

export interface TitledLink {
  readonly title: string;
  readonly href: string;
}

/** Addresses that annotations carry; only web addresses become links, whatever an annotation says. */
export function annotationLinks(annotations: Deployment['annotations']): TitledLink[] {
  return Object.entries(annotations)
    .filter(([key, href]) => key.startsWith(PREFIX) && /^(https?:\/\/|\/(?![/\\]))/.test(href))
    .map(([key, href]) => ({ title: key.slice(PREFIX.length), href }));
}

export function AnnotationLinks({ annotations }: { readonly annotations: Deployment['annotations'] }) {
  const links = annotationLinks(annotations);
  if (links.length === 0) return <>–</>;
  return (
    <span className="links">
      {links.map(({ title, href }) => (
        <Link
          key={title}
          variant="secondary"
          href={href}
          external
          externalIconAriaLabel="Opens in a new tab"
          fontSize="inherit"
        >
          {title}
        </Link>
      ))}
    </span>
  );
}

import type { Deployment } from '#contract/resources/deployment.ts';
import { inNamespace, namespace } from '../api/namespace.ts';
import { Moment } from '../ui/Age.tsx';
import { CopyText } from '../ui/CopyText.tsx';
import { Go } from '../ui/Go.tsx';
import { paths } from './paths.ts';
import { shortId } from './short-id.ts';

/** Of a fork: what it was forked from, and when it goes away. */
export function Parentage({ deployment }: { readonly deployment: Deployment }) {
  const { parent, expiresAt } = deployment;
  return (
    <>
      {parent ? (
        <span>
          forked from <ParentLink parent={parent} />
          {parent.savepointId === null ? null : (
            <>
              , savepoint{' '}
              <CopyText text={parent.savepointId} short={shortId(parent.savepointId)} what="savepoint id" />
            </>
          )}
        </span>
      ) : null}
      {expiresAt ? (
        <span>
          goes away at <Moment at={expiresAt} />
        </span>
      ) : null}
    </>
  );
}

function ParentLink({ parent }: { readonly parent: NonNullable<Deployment['parent']> }) {
  const path = paths.deployment(parent.deployment);
  if (parent.namespace === namespace) return <Go to={path}>{parent.deployment}</Go>;
  return (
    <a href={inNamespace(parent.namespace, path)}>
      {parent.namespace}/{parent.deployment}
    </a>
  );
}

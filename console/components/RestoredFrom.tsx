import type { RestoredFrom as Origin } from '#contract/resources/job.ts';
import { CopyText } from '../ui/CopyText.tsx';
import { shortId } from './short-id.ts';

/** The state that a job began with. */
export function RestoredFrom({ from }: { readonly from: Origin }) {
  switch (from.kind) {
    case 'none':
      return <>empty state</>;
    case 'savepoint':
      return (
        <>
          savepoint <CopyText text={from.savepointId} short={shortId(from.savepointId)} what="savepoint id" />
        </>
      );
    case 'checkpoint':
      return <>checkpoint {from.checkpointId}</>;
  }
}

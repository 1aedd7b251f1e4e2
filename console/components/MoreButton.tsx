import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import type { List } from '../api/use-list.ts';

interface MoreButtonProps {
  readonly list: List<unknown>;
  readonly what: string;
}

/** Reads the next page of a list, while there is one. */
export function MoreButton({ list, what }: MoreButtonProps) {
  if (!list.hasMore) return null;
  return (
    <Box textAlign="center">
      <Button variant="link" loading={list.isLoadingMore} onClick={list.loadMore}>
        Load more {what}
      </Button>
    </Box>
  );
}

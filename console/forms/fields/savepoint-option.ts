import type { SelectProps } from '@cloudscape-design/components/select';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { shortId } from '../../components/short-id.ts';
import { momentText } from '../../ui/time-text.ts';

/** A savepoint in a list to choose from. */
export function savepointOption(savepoint: Savepoint): SelectProps.Option {
  return {
    value: savepoint.id,
    label: `${momentText(savepoint.createdAt)} · ${savepoint.origin}`,
    labelTag: `v${savepoint.version} · ${shortId(savepoint.id)}`,
    description: savepoint.description,
  };
}

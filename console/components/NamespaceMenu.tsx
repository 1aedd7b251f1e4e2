import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { inNamespace, namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { paths } from './paths.ts';

/** The namespace that is shown, and the way to another. */
export function NamespaceMenu() {
  const { items } = useList('listNamespaces', {});
  const names = items.map(({ name }) => name);
  // One that cannot be listed is shown all the same: it is where the reader is.
  const all = names.includes(namespace) ? names : [namespace, ...names];
  return (
    <ButtonDropdown
      variant="normal"
      expandToViewport
      ariaLabel={`Namespace ${namespace}`}
      items={all.map((name) => ({
        id: name,
        text: name,
        itemType: 'checkbox' as const,
        checked: name === namespace,
      }))}
      onItemClick={({ detail }) => location.assign(inNamespace(detail.id, paths.deployments))}
    >
      {namespace}
    </ButtonDropdown>
  );
}

import type { Role } from '#contract/resources/role.ts';
import type { View } from '../../output/view.ts';

export function roleView(role: Role): View {
  return {
    kind: 'record',
    fields: [
      ['Name', role.name],
      ['Description', role.description],
      ['Permissions', role.permissions.join(', ')],
      ['Changed', role.modifiedAt],
    ],
  };
}

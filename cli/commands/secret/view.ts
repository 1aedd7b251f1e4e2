import type { SecretValue } from '#contract/resources/secret-value.ts';
import type { View } from '../../output/view.ts';

export function secretView(secret: SecretValue): View {
  return {
    kind: 'record',
    fields: [
      ['Name', secret.name],
      ['Version', String(secret.version)],
      ['Kept', secret.reference ?? 'by the platform'],
      ['Used by', secret.users.join(', ') || '-'],
      ['Changed', `${secret.modifiedAt} by ${secret.modifiedBy}`],
    ],
  };
}

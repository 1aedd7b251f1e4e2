import type { Command } from '../../command.ts';
import { placeFlags, placeOf } from '../access/place.ts';
import { defaultsView } from './view.ts';

export const getDefaults: Command = {
  path: ['defaults', 'get'],
  summary: 'show what the deployments of a namespace, or of the platform, inherit',
  flags: placeFlags,
  examples: ['defaults get -n payments', 'defaults get --platform -o yaml'],
  async run(invocation) {
    const api = await invocation.client();
    const namespace = placeOf(invocation);
    const body =
      namespace === null
        ? await api.get('getGlobalDefaults', {})
        : await api.get('getNamespaceDefaults', { params: { namespace } });
    return { body, view: defaultsView(body) };
  },
};

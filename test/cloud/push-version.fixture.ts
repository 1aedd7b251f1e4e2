/** Versions without a program: the control plane reads their descriptions, and its stand-in for a worker runs none. */
import { createHash } from 'node:crypto';
import type { ControlPlane } from './control-plane-fixture.ts';

/** All by which the stand-in misbehaves. */
const configurationSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    exitOnAttempt: { type: 'integer' },
    exitCode: { type: 'integer' },
    failsWith: { type: 'string' },
    failsOnRestore: { type: 'string' },
    savepointFailures: { type: 'integer' },
    standby: { type: 'string' },
  },
};

/** Registers a version whose one operator declares these states, by name and type. */
export async function pushVersion(
  plane: ControlPlane,
  application: string,
  version: { readonly text: string; readonly state: Readonly<Record<string, Record<string, unknown>>> },
): Promise<void> {
  const params = { namespace: 'default', application };
  const sha256 = createHash('sha256').update(version.text).digest('hex');
  const size = { sha256, sizeBytes: version.text.length };
  const upload = await plane.call('createUpload', { params, body: size });
  const { url, headers } = upload.body;
  const put = await fetch(url, { method: 'PUT', headers, body: version.text });
  if (!put.ok) throw new Error(`Cannot upload the version: status ${put.status}`);
  const state = Object.entries(version.state).map(([name, valueType]) => ({
    name,
    kind: 'value',
    schema: JSON.stringify(valueType),
    valueType,
  }));
  const node = { id: 'a'.repeat(32), name: 'payments', kind: 'process', inputs: [], state, description: {} };
  const answer = await plane.call('createApplicationVersion', {
    params,
    body: { ...size, graphHash: sha256, graph: { nodes: [node] }, configurationSchema },
  });
  if (answer.status !== 201) throw new Error(`Cannot push the version: ${JSON.stringify(answer.body)}`);
}

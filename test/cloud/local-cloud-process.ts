/** Runs the local cloud in a process of its own, which a test may kill: `local-cloud-process.ts ASSEMBLY DIRECTORY`. */
import { startLocalCloud } from '#local/local-cloud.ts';

const [assembly = '', directory = ''] = process.argv.slice(2);
const cloud = await startLocalCloud({ assembly, directory, port: 0, awsPort: 0 });
const outputs = Object.fromEntries(
  ['Table', 'Machine', 'Cluster', 'Function', 'Secret'].map((name) => [name, cloud.output('Demo', name)]),
);
console.log(JSON.stringify({ url: cloud.url, awsEndpoint: cloud.awsEndpoint, outputs }));
process.on('SIGTERM', () => void cloud.close());

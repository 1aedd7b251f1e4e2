/**
 * `node infra/app.ts` writes the cloud assembly to cdk.out, without credentials and without network.
 * With `-c nag=true` (through the CDK command) or HEADWATER_NAG=true it also checks the stacks by cdk-nag.
 */
import { join } from 'node:path';
import { checkByNag } from './nag.ts';
import { createPlatform } from './platform.ts';

const app = await createPlatform(process.env['CDK_OUTDIR'] ?? join(import.meta.dirname, '../cdk.out'));
if (process.env['HEADWATER_NAG'] === 'true' || app.node.tryGetContext('nag') === 'true')
  await checkByNag(app);
app.synth();

import { join } from 'node:path';
import { createPlatform } from './platform.ts';
const root = join(import.meta.dirname, '..');
const app = await createPlatform(process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'));
app.synth();

import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { buildDirectory } from './build-directory.ts';
import { ComputeStack } from './stacks/compute-stack.ts';
import { ConsoleStack } from './stacks/console-stack.ts';
import { ControlStack } from './stacks/control-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { DemoStack } from './stacks/demo-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';

/** The whole platform as an app of stacks without account and region: they are those of whoever deploys. */
export async function createPlatform(outdir: string): Promise<App> {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    // CDK's own check of templates takes twice as long as everything else; CloudFormation checks the same.
    builtinCloudFormationValidation: false,
  });
  const bootstrap = await readBootstrap();
  const data = new DataStack(app, 'HeadwaterData');
  const network = new NetworkStack(app, 'HeadwaterNetwork');
  const compute = new ComputeStack(app, 'HeadwaterCompute', { bucket: data.bucket, network, bootstrap });
  const control = new ControlStack(app, 'HeadwaterControl', {
    table: data.table,
    bucket: data.bucket,
    network,
    compute,
  });
  new ConsoleStack(app, 'HeadwaterConsole', control.api);
  new DemoStack(app, 'HeadwaterDemo', { network, compute, bootstrap });
  Tags.of(app).add('application', 'headwater');
  return app;
}

/** The text that starts a worker is part of the engine, which the stacks read as a build output only. */
async function readBootstrap(): Promise<string> {
  const file = join(buildDirectory, 'worker/bootstrap.mjs');
  const bundle: { readonly BOOTSTRAP?: unknown } = await import(pathToFileURL(file).href);
  if (typeof bundle.BOOTSTRAP !== 'string') {
    throw new Error(`Cannot synthesize: "${file}" exports no text BOOTSTRAP; run "npm run build" first`);
  }
  return bundle.BOOTSTRAP;
}

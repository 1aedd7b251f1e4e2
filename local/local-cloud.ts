/** The whole local cloud: its services, its ports, and the stacks of a cloud assembly running on them. */
import { mkdirSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { startEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { lockDirectory } from './lock.ts';
import { localAccount } from './place.ts';
import type { Place } from './place.ts';
import { openServices } from './services.ts';
import type { Services } from './services.ts';
import { startWebServer } from './services/cloudfront/web-server.ts';
import { JsonFile } from './services/secrets/json-file.ts';
import { readAssembly } from './template/assembly.ts';
import type { AssemblyStack } from './template/assembly.ts';
import { publishAssets } from './template/assets.ts';
import type { Cloud } from './template/cloud.ts';
import { PhysicalNames } from './template/physical-names.ts';
import { Stack } from './template/stack.ts';
import { webOrigin } from './web-origin.ts';

const defaultRegion = 'eu-west-1';

/** Options of `startLocalCloud`. */
export interface LocalCloudOptions {
  /** A directory that `cdk synth` wrote. */
  readonly assembly: string;
  /** Names of the stacks to run, with those that they depend on; all by default. */
  readonly stacks?: readonly string[];
  /** Holds all data; one process at a time. */
  readonly directory: string;
  /** Port of the first distribution and of the HTTP APIs; 0 takes any free one. */
  readonly port: number;
  /** Port of the AWS endpoint; 0 takes any free one. */
  readonly awsPort: number;
  /** Default: that of the stacks, else eu-west-1. */
  readonly region?: string;
  /** Values of template parameters, for each stack that declares them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** One line for each thing that a person may want to know. */
  readonly onLog?: (line: string) => void;
}

/** A running local cloud. */
export interface LocalCloud {
  /** Address of the first distribution, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly awsEndpoint: string;
  /** Environment in which AWS clients find this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  output(stack: string, name: string): string | undefined;
  /** Ends tasks and functions, then closes all stores. */
  close(): Promise<void>;
}

/** Starts the services, deploys the stacks, and goes on with what an earlier process left under way. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const closing: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const lock = lockDirectory(options.directory);
    closing.push(() => lock.release());
    const running = await start(options, closing);
    return { ...running, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: LocalCloudOptions,
  closing: (() => void | Promise<void>)[],
): Promise<Omit<LocalCloud, 'close'>> {
  const log = options.onLog ?? (() => {});
  const sources = readAssembly(options.assembly, options.stacks);
  const region =
    options.region ?? sources.find((source) => source.region !== undefined)?.region ?? defaultRegion;
  const place: Place = { region, account: localAccount };
  const environment: Record<string, string> = clientEnvironment(region);
  const services = await openServices({ directory: options.directory, place, environment, log });
  closing.push(() => services.close());
  const endpoint = await startEndpoint({ port: options.awsPort, services: services.all });
  closing.push(() => endpoint.close());
  announce(environment, endpoint);
  closing.push(() => services.stop());
  const onError = (error: unknown) => log(`A web request failed: ${String(error)}`);
  const web = await startWebServer({ port: options.port, onError });
  closing.push(() => web.close());
  const cloud = cloudOf({ services, options, webUrl: web.url, environment, log });
  const stacks = await deploy(sources, cloud, { ...options, region });
  services.start();
  web.serve(webOrigin(cloud));
  const output = (stack: string, name: string) => stacks.find((one) => one.name === stack)?.outputs.get(name);
  return { url: web.url, awsEndpoint: endpoint.url, environment, output };
}

/** The endpoint's port is known only once it listens, and it listens only once the services are open. */
function announce(environment: Record<string, string>, endpoint: Endpoint): void {
  environment['AWS_ENDPOINT_URL'] = endpoint.url;
}

function clientEnvironment(region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // Without it the SDK would look for a machine's role when anything is amiss with the keys.
    AWS_EC2_METADATA_DISABLED: 'true',
    // The profile of the person at the keyboard is for the real AWS.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    POWERTOOLS_TRACE_ENABLED: 'false',
  };
}

interface CloudParts {
  readonly services: Services;
  readonly options: LocalCloudOptions;
  readonly webUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

function cloudOf({ services, options, webUrl, environment, log }: CloudParts): Cloud {
  const inlineCodeDirectory = join(options.directory, 'functions');
  mkdirSync(inlineCodeDirectory, { recursive: true });
  return {
    ...services.byName,
    apis: new Map(),
    distributions: [],
    edgeFunctions: new Map(),
    headerPolicies: new Map(),
    assets: new Map(),
    webUrl,
    clientEnvironment: environment,
    inlineCodeDirectory,
    log,
  };
}

async function deploy(
  sources: readonly AssemblyStack[],
  cloud: Cloud,
  options: LocalCloudOptions & { readonly region: string },
): Promise<Stack[]> {
  const names = new PhysicalNames(new JsonFile(join(options.directory, 'names.json')));
  const exports = new Map<string, string>();
  const stacks: Stack[] = [];
  for (const source of sources) {
    const region = source.region ?? options.region;
    await publishAssets(source, `cdk-hnb659fds-assets-${localAccount}-${region}`, cloud);
    const stack = new Stack({ source, cloud, region, names, parameters: options.parameters ?? {}, exports });
    await stack.deploy();
    stacks.push(stack);
  }
  return stacks;
}

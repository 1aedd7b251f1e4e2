/** What the template says of a task; only what a process on this machine can honor is kept. */

/** One container of a task definition. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the variable → ARN or name of a secret or parameter. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly containerPorts: readonly number[];
  readonly essential: boolean;
  readonly stopTimeoutSeconds: number;
  readonly logGroup: string;
  readonly logStreamPrefix: string;
}

/** A task definition under its ARN. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly cpu: string;
  readonly memoryMb: number;
  readonly containers: readonly ContainerDefinition[];
}

/** A service: so many tasks of a definition, always. */
export interface ServiceDefinition {
  readonly name: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
}

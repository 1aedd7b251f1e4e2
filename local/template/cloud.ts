/** What resources of a template are made of: the services of the local cloud. */
import type { Distribution } from '../services/cloudfront/distribution.ts';
import type { EdgeFunction } from '../services/cloudfront/edge-function.ts';
import type { HttpApi } from '../services/apigateway/http-api.ts';
import type { Ecs } from '../services/ecs/ecs.ts';
import type { Events } from '../services/events/events.ts';
import type { Lambda } from '../services/lambda/lambda.ts';
import type { Logs } from '../services/logs/logs.ts';
import type { S3 } from '../services/s3/s3.ts';
import type { ParameterStore } from '../services/secrets/parameter-store.ts';
import type { SecretsManager } from '../services/secrets/secrets-manager.ts';
import type { JsonService } from '../services/service.ts';
import type { StepFunctions } from '../services/stepfunctions/step-functions.ts';
import type { AssetSource } from './assembly.ts';

/** Everything that a resource may touch. */
export interface Cloud {
  readonly dynamodb: JsonService;
  readonly kinesis: JsonService;
  readonly s3: S3;
  readonly lambda: Lambda;
  readonly states: StepFunctions;
  readonly logs: Logs;
  readonly events: Events;
  readonly ecs: Ecs;
  readonly secrets: SecretsManager;
  readonly parameters: ParameterStore;
  /** HTTP APIs by id. */
  readonly apis: Map<string, HttpApi>;
  /** Distributions in the order of their declaration. */
  readonly distributions: Distribution[];
  /** CloudFront functions by ARN. */
  readonly edgeFunctions: Map<string, EdgeFunction>;
  /** Headers by the id of their policy. */
  readonly headerPolicies: Map<string, Readonly<Record<string, string>>>;
  /** Files and directories by object key. */
  readonly assets: Map<string, AssetSource>;
  /** Address of the web port, such as `http://127.0.0.1:8080`. */
  readonly webUrl: string;
  /** Environment that makes the AWS SDK find this cloud. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** Directory for code that stands in a template itself. */
  readonly inlineCodeDirectory: string;
  readonly log: (line: string) => void;
}

import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import { API_PREFIX } from '#contract/names.ts';

export interface PlatformApiProps {
  /** Answers every GET. */
  readonly query: LambdaFunction;
  /** Carries out everything else. */
  readonly command: LambdaFunction;
  readonly authorizer: LambdaFunction;
}

/** The HTTP API: one route per row of the contract's table, one authorizer for all that are not public. */
export class PlatformApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: PlatformApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: 'headwater',
      description: 'REST API of Headwater',
      createDefaultStage: false,
    });
    addStage(this, this.api);
    // Without an identity source and a cache the authorizer sees every request, also one without a token: whether
    // that is allowed is for it to say.
    const authorizer = new HttpLambdaAuthorizer('Authorizer', props.authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: [],
      resultsCacheTtl: Duration.seconds(0),
    });
    const integration = (name: string, handler: LambdaFunction): HttpLambdaIntegration =>
      new HttpLambdaIntegration(name, handler, { scopePermissionToRoute: false });
    const read = integration('Query', props.query);
    const write = integration('Command', props.command);
    for (const route of Object.values<Route>(routes)) {
      this.api.addRoutes({
        path: `${API_PREFIX}${route.path}`,
        methods: [HttpMethod[route.method]],
        integration: route.method === 'GET' ? read : write,
        authorizer: route.permission === 'public' ? new HttpNoneAuthorizer() : authorizer,
      });
    }
    // What no route takes is answered as a problem too, in the words of the API instead of those of the gateway.
    this.api.addRoutes({
      path: '/api/{path+}',
      methods: [HttpMethod.ANY],
      integration: read,
      authorizer: new HttpNoneAuthorizer(),
    });
  }

  /** Host name of the API, for a distribution that forwards to it. */
  get domainName(): string {
    const stack = Stack.of(this);
    return `${this.api.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`;
  }
}

/** The default stage, with throttling and an access log; query strings and tokens stay out of the log. */
export function addStage(scope: Construct, api: HttpApi): HttpStage {
  const logGroup = new LogGroup(scope, 'AccessLogs', {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: 200, burstLimit: 400 },
    accessLogSettings: { destination: new LogGroupLogDestination(logGroup) },
  });
}

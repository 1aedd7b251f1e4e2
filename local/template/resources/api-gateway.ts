import { isObject, object, optionalNumber, texts } from '../../input.ts';
import { HttpApi } from '../../services/apigateway/http-api.ts';
import type { Cors } from '../../services/apigateway/cors.ts';
import type { Cloud } from '../cloud.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

const api: ResourceKind = {
  nameStyle: 'id',
  attribute: (resource, name, cloud) => {
    if (name === 'ApiEndpoint') return `${cloud.webUrl}/execute-api/${resource.name}`;
    return name === 'ApiId' ? resource.name : undefined;
  },
  deploy(resource, cloud) {
    if (resource.property('ProtocolType') !== 'HTTP') throw new Error('only HTTP APIs run locally');
    const cors = resource.property('CorsConfiguration');
    const id = resource.name;
    cloud.apis.set(
      id,
      new HttpApi({
        id,
        place: resource.place,
        callFunction: (arn, payload) => cloud.lambda.call(arn, payload),
        ...(isObject(cors) ? { cors: corsOf(cors) } : {}),
      }),
    );
  },
};

const integration: ResourceKind = {
  nameStyle: 'id',
  deploy(resource, cloud) {
    const type = resource.property('IntegrationType');
    const format = resource.property('PayloadFormatVersion');
    if (type !== 'AWS_PROXY' || format !== '2.0') {
      throw new Error(
        `integration type ${String(type)} with payload format ${String(format)} does not run locally`,
      );
    }
    apiOf(resource, cloud).integrations.set(
      resource.name,
      functionArn(String(resource.property('IntegrationUri'))),
    );
  },
};

const route: ResourceKind = {
  nameStyle: 'id',
  deploy(resource, cloud) {
    const type = resource.property('AuthorizationType') ?? 'NONE';
    if (type === 'AWS_IAM')
      cloud.log(`Route "${String(resource.property('RouteKey'))}" is open: IAM is not checked locally`);
    const authorizerId =
      type === 'JWT' || type === 'CUSTOM' ? String(resource.property('AuthorizerId')) : undefined;
    apiOf(resource, cloud).routes.put({
      routeKey: String(resource.property('RouteKey')),
      integrationId: String(resource.property('Target')).replace(/^integrations\//, ''),
      scopes: texts(resource.properties(), 'AuthorizationScopes'),
      ...(authorizerId === undefined ? {} : { authorizerId }),
    });
  },
};

const authorizer: ResourceKind = {
  nameStyle: 'id',
  attribute: (resource, name) => (name === 'AuthorizerId' ? resource.name : undefined),
  deploy(resource, cloud) {
    const properties = resource.properties();
    const identitySource = texts(properties, 'IdentitySource');
    const { authorizers } = apiOf(resource, cloud);
    if (properties['AuthorizerType'] === 'JWT') {
      const jwt = object(properties, 'JwtConfiguration');
      const issuer = String(jwt['Issuer']);
      return authorizers.put({
        kind: 'jwt',
        id: resource.name,
        issuer,
        audience: texts(jwt, 'Audience'),
        identitySource,
      });
    }
    if (properties['AuthorizerPayloadFormatVersion'] !== '2.0') {
      throw new Error('only authorizers of payload format 2.0 run locally');
    }
    authorizers.put({
      kind: 'function',
      id: resource.name,
      functionArn: functionArn(String(properties['AuthorizerUri'])),
      identitySource,
      cacheSeconds: optionalNumber(properties, 'AuthorizerResultTtlInSeconds') ?? 300,
      simpleResponses: properties['EnableSimpleResponses'] === true,
    });
  },
};

/** API Gateway's HTTP APIs, each reachable under `/execute-api/<id>/` of the web port. */
export const apiGatewayKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': integration,
  'AWS::ApiGatewayV2::Route': route,
  'AWS::ApiGatewayV2::Authorizer': authorizer,
};

function apiOf(resource: Resource, cloud: Cloud): HttpApi {
  const id = String(resource.property('ApiId'));
  const found = cloud.apis.get(id);
  if (found === undefined) throw new Error(`there is no HTTP API "${id}"`);
  return found;
}

/** The ARN of the function, bare or within the address at which API Gateway calls it. */
function functionArn(uri: string): string {
  return /functions\/(arn:.+)\/invocations$/.exec(uri)?.[1] ?? uri;
}

function corsOf(cors: Record<string, unknown>): Cors {
  const maxAgeSeconds = optionalNumber(cors, 'MaxAge');
  return {
    origins: texts(cors, 'AllowOrigins'),
    methods: texts(cors, 'AllowMethods'),
    headers: texts(cors, 'AllowHeaders'),
    exposed: texts(cors, 'ExposeHeaders'),
    credentials: cors['AllowCredentials'] === true,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

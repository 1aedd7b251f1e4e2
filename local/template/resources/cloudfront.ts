import { object, objects, texts } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import type { Origin } from '../../services/apigateway/answer.ts';
import { bucketOrigin } from '../../services/cloudfront/bucket-origin.ts';
import { Distribution } from '../../services/cloudfront/distribution.ts';
import type { Behavior } from '../../services/cloudfront/distribution.ts';
import { EdgeFunction } from '../../services/cloudfront/edge-function.ts';
import { policyHeaders } from '../../services/cloudfront/response-headers.ts';
import type { Cloud } from '../cloud.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

const distribution: ResourceKind = {
  nameStyle: 'id',
  attribute: (resource, name, cloud) => ({ DomainName: new URL(cloud.webUrl).host, Id: resource.name })[name],
  deploy(resource, cloud) {
    const config = object(resource.properties(), 'DistributionConfig');
    const origins = new Map(
      objects(config, 'Origins').map((one) => [String(one['Id']), originOf(one, cloud)]),
    );
    const behavior = (one: JsonObject) => behaviorOf(one, origins, cloud);
    cloud.distributions.push(
      new Distribution({
        behaviors: [...objects(config, 'CacheBehaviors'), object(config, 'DefaultCacheBehavior')].map(
          behavior,
        ),
        defaultRootObject: String(config['DefaultRootObject'] ?? ''),
        errorPages: objects(config, 'CustomErrorResponses').map(errorPageOf),
      }),
    );
  },
};

const edgeFunction: ResourceKind = {
  nameProperty: 'Name',
  reference: edgeFunctionArn,
  attribute: (resource, name) => (name === 'FunctionARN' ? edgeFunctionArn(resource) : undefined),
  deploy(resource, cloud) {
    cloud.edgeFunctions.set(
      edgeFunctionArn(resource),
      new EdgeFunction(String(resource.property('FunctionCode'))),
    );
  },
};

const responseHeadersPolicy: ResourceKind = {
  nameStyle: 'id',
  attribute: (resource, name) => (name === 'Id' ? resource.name : undefined),
  deploy(resource, cloud) {
    const config = object(resource.properties(), 'ResponseHeadersPolicyConfig');
    cloud.headerPolicies.set(resource.name, policyHeaders(config));
  },
};

/** CloudFront's distributions; the first one answers at the root of the web port. */
export const cloudFrontKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::CloudFront::Distribution': distribution,
  'AWS::CloudFront::Function': edgeFunction,
  'AWS::CloudFront::ResponseHeadersPolicy': responseHeadersPolicy,
};

function edgeFunctionArn(resource: Resource): string {
  return `arn:aws:cloudfront::${resource.place.account}:function/${resource.name}`;
}

function originOf(origin: JsonObject, cloud: Cloud): Origin {
  const domain = String(origin['DomainName']);
  const prefix = String(origin['OriginPath'] ?? '');
  const bucket = /^(.+)\.s3[.-].*amazonaws\.com$/.exec(domain)?.[1];
  const answer = bucket === undefined ? apiOrigin(domain, cloud) : bucketOrigin(cloud.s3, bucket);
  return (request) => answer({ ...request, path: prefix + request.path });
}

/** By the domain of AWS, or by that of the web port when it was cut out of an ApiEndpoint. */
function apiOrigin(domain: string, cloud: Cloud): Origin {
  const id = /^([a-z0-9]+)\.execute-api\./.exec(domain)?.[1];
  const [first, second] = cloud.apis.values();
  const sole = domain === new URL(cloud.webUrl).host && second === undefined ? first : undefined;
  const api = id === undefined ? sole : cloud.apis.get(id);
  if (api === undefined)
    throw new Error(`its origin "${domain}" is neither a bucket nor an HTTP API of this cloud`);
  return (request) => api.answer(request);
}

function behaviorOf(behavior: JsonObject, origins: ReadonlyMap<string, Origin>, cloud: Cloud): Behavior {
  const target = String(behavior['TargetOriginId']);
  const origin = origins.get(target);
  if (origin === undefined) throw new Error(`there is no origin "${target}"`);
  const association = objects(behavior, 'FunctionAssociations').find(
    (one) => one['EventType'] === 'viewer-request',
  );
  const viewerRequest = cloud.edgeFunctions.get(String(association?.['FunctionARN']));
  const methods = texts(behavior, 'AllowedMethods');
  return {
    pathPattern: String(behavior['PathPattern'] ?? '*'),
    origin,
    allowedMethods: methods.length > 0 ? methods : ['GET', 'HEAD'],
    compress: behavior['Compress'] === true,
    responseHeaders: cloud.headerPolicies.get(String(behavior['ResponseHeadersPolicyId'])) ?? {},
    ...(viewerRequest === undefined ? {} : { viewerRequest }),
  };
}

function errorPageOf(page: JsonObject) {
  const { ResponseCode: responseStatus, ResponsePagePath: path } = page;
  return {
    status: Number(page['ErrorCode']),
    ...(responseStatus === undefined ? {} : { responseStatus: Number(responseStatus) }),
    ...(typeof path === 'string' ? { path } : {}),
  };
}

import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import { API_PREFIX } from '#contract/names.ts';
import type { PlatformApi } from '../constructs/platform-api.ts';
import { buildDirectory } from '../build-directory.ts';

const PAGE_FUNCTION = `function handler(event) {
  var request = event.request;
  if (!/\\.[a-z0-9]+$/.test(request.uri)) request.uri = '/index.html';
  return request;
}`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  // The component library places elements by inline styles.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'none'",
].join('; ');

const TO_API = {
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
} as const;

/** The web console at the root of one distribution, and the API below `/api/`, so that both share an origin. */
export class ConsoleStack extends Stack {
  constructor(scope: Construct, id: string, api: PlatformApi) {
    super(scope, id, { description: 'Headwater: web console' });
    const bucket = new Bucket(this, 'Site', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // Everything in it is written by each deployment anew.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    }) as IBucket; // See network-stack.ts about such casts.
    const distribution = this.#createDistribution(bucket, api);
    new BucketDeployment(this, 'Files', {
      sources: [Source.asset(join(buildDirectory, 'console'))],
      destinationBucket: bucket,
      // Asked for again each time and mostly answered by 304: a new build is there for everybody at once.
      cacheControl: [CacheControl.noCache()],
      // Pages that are open keep loading the chunks of the build that they came from.
      prune: false,
    });
    new CfnOutput(this, 'ConsoleUrl', { value: `https://${distribution.distributionDomainName}` });
  }

  #createDistribution(bucket: IBucket, api: PlatformApi): Distribution {
    return new Distribution(this, 'Distribution', {
      comment: 'Headwater console',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        responseHeadersPolicy: this.#createHeaders(),
        functionAssociations: [
          { function: this.#createPageFunction(), eventType: FunctionEventType.VIEWER_REQUEST },
        ],
      },
      additionalBehaviors: {
        '/api/*': { ...TO_API, origin: new HttpOrigin(api.domainName) },
        // Where scrapers of Prometheus look by default.
        '/metrics': { ...TO_API, origin: new HttpOrigin(api.domainName, { originPath: API_PREFIX }) },
      },
    });
  }

  // Not by custom error responses: those hold for the whole distribution and would turn the API's 403 and 404
  // into pages.
  #createPageFunction(): CloudFrontFunction {
    return new CloudFrontFunction(this, 'Pages', {
      comment: 'Every address of the console that is no file is the page itself',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(PAGE_FUNCTION),
    });
  }

  #createHeaders(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'Headwater console',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: true,
          override: true,
        },
      },
    });
  }
}

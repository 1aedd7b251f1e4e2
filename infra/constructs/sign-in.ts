import { CfnCondition, CfnParameter, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnUserPool, CfnUserPoolClient, CfnUserPoolGroup } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** Groups whose members hold a role in every namespace; the authorizer reads them from `cognito:groups`. */
const ROLE_GROUPS = ['admin', 'owner', 'editor', 'operator', 'viewer'] as const;

/**
 * Who may call the API.
 *
 * Parameter `Access`: `oidc` accepts tokens of an issuer, by default of a user pool that is made here; `local` lets
 * everybody in as admin and is for the platform on one's own machine, which listens on loopback only.
 */
export class SignIn extends Construct {
  readonly access: string;
  readonly issuer: string;
  readonly audience: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const access = new CfnParameter(stack, 'Access', {
      default: 'oidc',
      allowedValues: ['oidc', 'local'],
      description:
        'oidc: callers present a token; local: everybody is admin, only for a platform on loopback',
    });
    const issuer = new CfnParameter(stack, 'Issuer', {
      default: '',
      description: 'Issuer of the access tokens; empty: a Cognito user pool is created',
    });
    const audience = new CfnParameter(stack, 'Audience', {
      default: '',
      description: 'Audience or client id that a token of the issuer must carry',
    });
    const ownPool = new CfnCondition(stack, 'CreatesUserPool', {
      expression: Fn.conditionAnd(
        Fn.conditionEquals(access.valueAsString, 'oidc'),
        Fn.conditionEquals(issuer.valueAsString, ''),
      ),
    });
    const { pool, client } = this.#createPool(ownPool);
    const poolIssuer = `https://cognito-idp.${stack.region}.${stack.urlSuffix}/${pool.ref}`;
    this.access = access.valueAsString;
    this.issuer = Fn.conditionIf(ownPool.logicalId, poolIssuer, issuer.valueAsString).toString();
    this.audience = Fn.conditionIf(ownPool.logicalId, client.ref, audience.valueAsString).toString();
  }

  // The L1 classes, since a whole group of resources stands under one condition.
  #createPool(condition: CfnCondition): { pool: CfnUserPool; client: CfnUserPoolClient } {
    const pool = new CfnUserPool(this, 'Users', {
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      usernameAttributes: ['email'],
      autoVerifiedAttributes: ['email'],
      mfaConfiguration: 'ON',
      enabledMfas: ['SOFTWARE_TOKEN_MFA'],
      policies: {
        passwordPolicy: {
          minimumLength: 14,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
        },
      },
      deletionProtection: 'ACTIVE',
    });
    pool.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const client = new CfnUserPoolClient(this, 'Client', {
      userPoolId: pool.ref,
      generateSecret: false,
      preventUserExistenceErrors: 'ENABLED',
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      accessTokenValidity: 1,
    });
    const groups = ROLE_GROUPS.map(
      (role) =>
        new CfnUserPoolGroup(this, `Group-${role}`, { userPoolId: pool.ref, groupName: `headwater-${role}` }),
    );
    for (const resource of [pool, client, ...groups]) resource.cfnOptions.condition = condition;
    return { pool, client };
  }
}

import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { operationDefinition } from '../workflow/operation-definition.ts';

/**
 * Its name is fixed, since its own steps begin executions too, such as that of an operation that waited: they cannot
 * refer to what refers to them.
 */
const OPERATION_WORKFLOW = 'headwater-operation';

/** ARN of the state machine, for those that are made before it. */
export function operationWorkflowArn(stack: Stack): string {
  return stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: OPERATION_WORKFLOW,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The state machine that carries out operations; its only power is to invoke the steps function. */
export class OperationWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, steps: LambdaFunction) {
    super(scope, id);
    const definition = operationDefinition(steps.functionArn);
    this.stateMachine = new StateMachine(this, 'Operation', {
      stateMachineName: OPERATION_WORKFLOW,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      timeout: Duration.hours(2),
      logs: {
        destination: new LogGroup(this, 'Logs', {
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    // Not by grantInvoke, which allows every version and alias as well.
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [steps.functionArn] }),
    );
  }
}

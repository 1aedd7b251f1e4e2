import { arnOf } from '../../place.ts';
import { isObject, object } from '../../input.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

const stateMachine: ResourceKind = {
  nameProperty: 'StateMachineName',
  reference: arn,
  attribute: (resource, name) => ({ Arn: arn(resource), Name: resource.name })[name],
  deploy(resource, cloud) {
    if (resource.property('StateMachineType') === 'EXPRESS')
      throw new Error('express workflows do not run locally');
    cloud.states.putStateMachine(resource.name, definitionOf(resource));
  },
};

/** Step Functions' state machines. */
export const stepFunctionsKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::StepFunctions::StateMachine': stateMachine,
};

function arn(resource: Resource): string {
  return arnOf(resource.place, 'states', `stateMachine:${resource.name}`);
}

function definitionOf(resource: Resource): string {
  const definition = resource.property('Definition');
  const text = isObject(definition) ? JSON.stringify(definition) : resource.property('DefinitionString');
  if (typeof text !== 'string') throw new Error('neither Definition nor DefinitionString is given');
  const values = object(resource.properties(), 'DefinitionSubstitutions');
  return text.replaceAll(/\$\{(\w+)\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : all,
  );
}

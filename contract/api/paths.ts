/** The pieces that the paths of the route table are made of, with the parameters that stand in them. */
import { Name } from '../resources/metadata.ts';

export const namespace = { namespace: Name };
export const application = { ...namespace, application: Name };
export const deployment = { ...namespace, deployment: Name };

export const inNamespace = '/namespaces/{namespace}';
export const ofApplication = `${inNamespace}/applications/{application}` as const;
export const ofDeployment = `${inNamespace}/deployments/{deployment}` as const;

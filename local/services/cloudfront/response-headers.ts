import { isObject, object, objects } from '../../input.ts';
import type { JsonObject } from '../../input.ts';

/** The headers that a ResponseHeadersPolicyConfig adds to every response. */
export function policyHeaders(config: JsonObject): Record<string, string> {
  const security = object(config, 'SecurityHeadersConfig');
  const custom = objects(object(config, 'CustomHeadersConfig'), 'Items').map(
    (item) => [String(item['Header']).toLowerCase(), String(item['Value'])] as const,
  );
  return {
    ...value(security['ContentSecurityPolicy'], 'content-security-policy', 'ContentSecurityPolicy'),
    ...value(security['FrameOptions'], 'x-frame-options', 'FrameOption'),
    ...value(security['ReferrerPolicy'], 'referrer-policy', 'ReferrerPolicy'),
    ...(isObject(security['ContentTypeOptions']) ? { 'x-content-type-options': 'nosniff' } : {}),
    ...transportSecurity(security['StrictTransportSecurity']),
    ...Object.fromEntries(custom),
  };
}

function value(part: unknown, header: string, member: string): Record<string, string> {
  return isObject(part) ? { [header]: String(part[member]) } : {};
}

function transportSecurity(part: unknown): Record<string, string> {
  if (!isObject(part)) return {};
  const words = [`max-age=${String(part['AccessControlMaxAgeSec'])}`];
  if (part['IncludeSubdomains'] === true) words.push('includeSubDomains');
  if (part['Preload'] === true) words.push('preload');
  return { 'strict-transport-security': words.join('; ') };
}

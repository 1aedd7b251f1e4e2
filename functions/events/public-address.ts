/** Which addresses webhooks may reach: none inside of the account's network, whatever a name resolves to. */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const reserved = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Also the metadata of instances and tasks.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  reserved.addSubnet(network, prefix, 'ipv4');
// Of IPv6 only global unicast is public, without documentation, and without what carries IPv4 addresses inside.
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  reserved.addSubnet(network, prefix, 'ipv6');

/** Whether an IP address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !reserved.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
    default:
      return false;
  }
}

/** An address that a name has now. Throws a sentence when one of them is not public: then none is trusted. */
export async function publicAddressOf(hostname: string): Promise<{ address: string; family: number }> {
  const found = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true });
  const inside = found.find(({ address }) => !isPublicAddress(address));
  if (inside !== undefined) {
    throw new Error(`"${hostname}" is ${inside.address}, which is no address of the public internet`);
  }
  const [first] = found;
  if (first === undefined) throw new Error(`"${hostname}" has no address`);
  return first;
}

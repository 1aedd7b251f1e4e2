import { BlockList, isIP } from 'node:net';

const privateAddresses = new BlockList();
privateAddresses.addSubnet('10.0.0.0', 8);
privateAddresses.addSubnet('172.16.0.0', 12);
privateAddresses.addSubnet('192.168.0.0', 16);
// Where tasks of the local platform listen.
privateAddresses.addSubnet('127.0.0.0', 8);

/** True for literal private IPv4 addresses; names are refused, since they may resolve to anything. */
export function isPrivateAddress(hostname: string): boolean {
  return isIP(hostname) === 4 && privateAddresses.check(hostname);
}

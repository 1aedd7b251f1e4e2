import { expect, test } from 'vitest';
import { isPublicAddress, publicAddressOf } from './public-address.ts';

test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111'])('%s belongs to the internet', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '0.0.0.0',
  '10.48.0.7',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  'fd00:ec2::254',
  'fe80::1',
  'ff02::1',
  '2002:a00:1::',
  '2001:db8::1',
  'localhost',
])('%s does not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['localhost', '127.0.0.1', '[::1]', '169.254.169.254', '2130706433'])(
  'nothing is sent to %s',
  async (hostname) => {
    await expect(publicAddressOf(new URL(`https://${hostname}/`).hostname)).rejects.toThrow(
      'no address of the public internet',
    );
  },
);

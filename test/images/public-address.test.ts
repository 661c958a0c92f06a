import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';
import { isPublicAddress } from '../../src/images/public-address.ts';

const words = (text: string) => text.trim().split(/\s+/);

it.each(words('8.8.8.8 1.1.1.1 172.32.0.1 2606:4700:4700::1111 2a00:1450::1'))(
  'treats %s as public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

const SPECIAL = words(`
  0.0.0.0 127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1
  192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1 168.63.129.16
  224.0.0.1 240.0.0.1 255.255.255.255
  :: ::1 fe80::1 fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 100::1 100:0:0:1::1
  2001:db8::1 3fff::1 5f00::1 4000::1
`);
/** Public ones among them: nobody writes an address like this who means well. */
const IPV4_IN_DISGUISE = words(`
  ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::127.0.0.1 ::ffff:0:127.0.0.1
  64:ff9b::7f00:1 64:ff9b:1::7f00:1 2002:7f00:1:: 2001::1 2600:1f14::5efe:7f00:1 2600:1f14::200:5efe:7f00:1
`);

it('treats an address in a network of this machine as not public', () => {
  const spy = vi.spyOn(os, 'networkInterfaces').mockReturnValue({
    eth0: [{ address: '8.8.8.1', cidr: '8.8.8.1/24' }, { cidr: null }],
  } as never);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  expect(isPublicAddress('8.8.8.8')).toBe(false);
});

it.each([...SPECIAL, ...IPV4_IN_DISGUISE, '', 'localhost', 'not an address'])(
  'treats %j as not public',
  (address) => {
    expect(isPublicAddress(address)).toBe(false);
  },
);

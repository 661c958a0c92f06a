import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createClientAddress, parseNetworks } from '../../../src/http/requests/client-address.ts';

function addressOf(
  remoteAddress: string | undefined,
  forwarded: string | undefined,
  trusted: string[],
): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return createClientAddress(trusted)({ socket: { remoteAddress }, headers } as IncomingMessage);
}

it('the address of the connection counts, whatever a client writes', () => {
  expect(addressOf('127.0.0.1', '9.9.9.9', [])).toBe('127.0.0.1');
  expect(addressOf('192.168.0.9', '9.9.9.9', ['127.0.0.1'])).toBe('192.168.0.9');
  expect(addressOf('::ffff:192.168.0.9', undefined, [])).toBe('192.168.0.9');
  expect(addressOf(undefined, undefined, [])).toBe('');
});

it.each([
  ['203.0.113.5', '203.0.113.5'],
  ['203.0.113.5:4711', '203.0.113.5'],
  ['[2001:db8::5]:4711', '2001:db8::5'],
  ['2001:db8::5', '2001:db8::5'],
  ['9.9.9.9, 203.0.113.5', '203.0.113.5'],
  ['9.9.9.9, 203.0.113.5 , 10.1.2.3', '203.0.113.5'],
  ['10.1.2.3', '10.1.2.3'],
  ['nonsense', '127.0.0.1'],
  ['9.9.9.9, nonsense, 10.1.2.3', '10.1.2.3'],
  ['', '127.0.0.1'],
  [undefined, '127.0.0.1'],
])('behind a trusted proxy, X-Forwarded-For %j names the client %s', (forwarded, expected) => {
  expect(addressOf('127.0.0.1', forwarded, ['127.0.0.1', '10.0.0.0/8'])).toBe(expected);
});

it('a proxy on IPv6 can be trusted', () => {
  expect(addressOf('::1', '203.0.113.5', ['::1'])).toBe('203.0.113.5');
  expect(addressOf('fd00::9', '203.0.113.5', ['fd00::/8'])).toBe('203.0.113.5');
});

it.each(['', 'a', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.0/8/8', '10.0.0.0/-1'])(
  '%j is not a network',
  (entry) => {
    expect(parseNetworks([entry])).toBeUndefined();
  },
);

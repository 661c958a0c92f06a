import { expect, it } from 'vitest';
import { checkHost, formatOrigin, isLoopback, leadsTo } from '../../../src/app/config/address.ts';

it.each(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1'])(
  'checkHost accepts the loopback host %s',
  (host) => {
    expect(checkHost(host)).toBe(host);
  },
);

it('checkHost removes the brackets of an IPv6 host', () => {
  expect(checkHost('[::1]')).toBe('::1');
});

it.each(['', 'a b', 'http://127.0.0.1', '127.0.0.1:8000', '[::1', '*'])(
  'checkHost refuses %j, which is not a host',
  (host) => {
    expect(() => checkHost(host, 'HOST')).toThrow(/neither an address nor a name.*It was set by HOST\.$/);
  },
);

it.each(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example.com', 'example.com', '127.1'])(
  '%s is not loopback',
  (host) => {
    expect([checkHost(host), isLoopback(host)]).toEqual([host, false]);
  },
);

it('formatOrigin reaches all addresses of this machine by its loopback address', () => {
  expect([formatOrigin('0.0.0.0', 8000), formatOrigin('::', 8000)]).toEqual([
    'http://127.0.0.1:8000',
    'http://[::1]:8000',
  ]);
});

it('formatOrigin puts an IPv6 host in brackets', () => {
  expect(formatOrigin('::1', 8000)).toBe('http://[::1]:8000');
  expect(formatOrigin('127.0.0.1', 8000)).toBe('http://127.0.0.1:8000');
});

it.each([
  ['http://127.0.0.1:8000/v1', true],
  ['http://localhost:8000', true],
  ['http://[::1]:8000/v1', true],
  ['http://[::ffff:127.0.0.1]:8000/v1', true],
  ['http://0.0.0.0:8000/v1', true],
  ['http://[::]:8000/v1', true],
  ['http://127.0.0.1:8001/v1', false],
  ['http://example.com:8000/v1', false],
  ['https://localhost/v1', false],
  ['no url', false],
])('leadsTo says whether %s is port 8000 of this machine: %s', (url, expected) => {
  expect(leadsTo(url, 8000)).toBe(expected);
});

it('leadsTo takes the default port of the scheme for a URL without a port', () => {
  expect([leadsTo('http://localhost', 80), leadsTo('https://localhost', 443)]).toEqual([true, true]);
});

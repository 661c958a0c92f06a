import { expect, it } from 'vitest';
import { proxyFor } from '../../src/base/network.ts';

const HTTPS_PROXY = 'proxy.example:3128';

it.each([
  ['https://api.example/v1', { HTTPS_PROXY }, 'http://proxy.example:3128/'],
  ['https://api.example/v1', { https_proxy: HTTPS_PROXY }, 'http://proxy.example:3128/'],
  ['https://api.example/v1', { ALL_PROXY: HTTPS_PROXY }, 'http://proxy.example:3128/'],
  ['https://api.example/v1', { HTTPS_PROXY: '', ALL_PROXY: HTTPS_PROXY }, 'http://proxy.example:3128/'],
  ['http://api.example/v1', { HTTPS_PROXY }, undefined],
  ['https://api.example/v1', { HTTPS_PROXY, NO_PROXY: '.example' }, undefined],
  ['https://api.example/v1', { HTTPS_PROXY, NO_PROXY: 'API.example:443' }, undefined],
  ['https://api.example/v1', { HTTPS_PROXY, NO_PROXY: '*' }, undefined],
  ['https://api.example/v1', { HTTPS_PROXY, NO_PROXY: 'pi.example' }, 'http://proxy.example:3128/'],
  ['https://[::1]/v1', { HTTPS_PROXY, NO_PROXY: 'localhost,::1' }, undefined],
  ['https://[::1]/v1', { HTTPS_PROXY, NO_PROXY: '[::1]:443' }, undefined],
])('%s with %o goes through the proxy %s', (url, environment, proxy) => {
  expect(proxyFor(new URL(url), environment)?.href).toBe(proxy);
});

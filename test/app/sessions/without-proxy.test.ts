import { expect, it } from 'vitest';
import { withoutProxyFor } from '../../../src/app/sessions/without-proxy.ts';

const PROXY = { https_proxy: 'http://proxy:1' };

it('a proxy of the user is not asked for the gateway, and everything else stays as it was', () => {
  const of = (environment: Record<string, string>) => withoutProxyFor('127.0.0.1', environment);
  expect(of({ PATH: '/bin' })).toEqual({ PATH: '/bin' });
  expect(of(PROXY)).toEqual({ ...PROXY, NO_PROXY: '127.0.0.1' });
  expect(of({ ...PROXY, no_proxy: 'a.example, ::1' })).toEqual({
    ...PROXY,
    no_proxy: 'a.example,::1,127.0.0.1',
  });
  expect(of({ ...PROXY, no_proxy: '', NO_PROXY: 'b.example' })).toEqual({
    ...PROXY,
    no_proxy: '127.0.0.1',
    NO_PROXY: 'b.example,127.0.0.1',
  });
});

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';

/** One gateway for all tests of a file; each test sees the requests that it makes of the provider alone. */
export function useTestGateway(options?: TestGatewayOptions): TestGateway {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(options);
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    gateway.upstream.requests.length = 0;
  });
  return new Proxy({} as TestGateway, { get: (_, key) => Reflect.get(gateway, key) as unknown });
}

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';
import { share } from './shared-gateway.ts';
import { say } from './upstream.ts';

/** One gateway for all tests of a file; each test sees the requests that it makes of the provider alone. */
export function useTestGateway(options?: TestGatewayOptions): TestGateway {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway(options);
  });
  afterAll(() => gateway.close());
  return watch(() => gateway);
}

/**
 * The same with default settings, for files that leave the gateway as it was: others in the process use it as well. What it
 * keeps of earlier files are stored responses, and conversations that it could continue.
 */
export function useSharedGateway(): TestGateway {
  const find = share(startTestGateway, ({ log, upstream }) => {
    log.lines.length = 0;
    upstream.use(say('Hello.'));
  });
  return watch(find);
}

function watch(find: () => TestGateway): TestGateway {
  beforeEach(() => {
    find().upstream.requests.length = 0;
  });
  return new Proxy({} as TestGateway, { get: (_, key) => Reflect.get(find(), key) as unknown });
}

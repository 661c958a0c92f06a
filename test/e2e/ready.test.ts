import { expect, it } from 'vitest';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

/** Reads a probe without a token. */
async function probe(origin: string, path = '/readyz'): Promise<unknown[]> {
  const response = await fetch(`${origin}${path}`);
  return [response.status, await response.json()];
}

it('GET /readyz is 200 without a token once the gateway serves', async () => {
  expect(await probe(gateway.running.origin)).toEqual([200, { ready: true }]);
  expect(await probe(gateway.running.origin, '//ReadyZ/')).toEqual([200, { ready: true }]);
});

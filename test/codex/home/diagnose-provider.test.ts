import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { createDiagnosis, probe, UNREACHED } from '../../../src/codex/home/diagnose-provider.ts';

it('a probe says so when the address is not a URL', async () => {
  expect(await probe('no address', {})).toEqual({
    why: 'its address is not a URL',
    code: 'ERR_INVALID_URL',
    place: 'base_url',
  });
});

it('a probe of a server that resets the connection at once ends with an obstacle', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resetAndDestroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const obstacle = await probe(`https://127.0.0.1:${port}`, {});
  expect(obstacle).toMatchObject({ place: `127.0.0.1:${port}` });
});

it('a provider that can be reached a moment later may have been asked, and one that cannot has not', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const diagnose = () =>
    createDiagnosis({ baseUrl: `http://127.0.0.1:${port}`, environment: {} })(
      new GatewayError('upstream_error', `${UNREACHED}.`),
    );
  expect(await diagnose()).toMatchObject({
    message: expect.stringContaining('may have been asked already') as string,
    detail: { shouldRetry: false },
  });
  server.close();
  await once(server, 'close');
  expect((await diagnose())?.detail).not.toHaveProperty('shouldRetry');
});

import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGateway } from '../../src/app/compose.ts';
import type { RunningGateway } from '../../src/app/running-gateway.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { writeFakeCodex } from '../support/fake-codex.ts';
import { findPort } from '../support/find-port.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A gateway whose Codex answers nothing until the gate is there. */
async function startSlowly(): Promise<{
  port: number;
  starting: Promise<RunningGateway>;
  /** Resolves once Codex has been started. */
  codexStarted(): Promise<void>;
  openGate(): void;
  giveUp(): void;
}> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.codex'));
  const gate = join(folder, 'gate');
  const codex = writeFakeCodex(folder, {
    onStart: `while (!require('node:fs').existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);`,
  });
  const environment = { HOME: folder, PATH: '' };
  const port = await findPort();
  const settings = await readSettings(
    { port: String(port), token: 'token-of-this-test', codex },
    environment,
  );
  const homes = join(settings.stateDirectory, 'homes');
  const abort = new AbortController();
  const options = { settings, environment, observer: createMemoryLog(), demo: false };
  return {
    port,
    starting: startGateway({ ...options, signal: abort.signal }),
    codexStarted: () => until(() => existsSync(homes) && readdirSync(homes).length === 1),
    openGate: () => mkdirSync(gate),
    giveUp: () => abort.abort(),
  };
}

/** Asks for a WebSocket again and again until somebody listens. */
async function connectEarly(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').catch(() => undefined);
    if (!connected) continue;
    socket.write(
      'GET /v1/responses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-of-this-test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    return socket;
  }
}

it('a request that arrives while Codex starts waits for it', async () => {
  const { port, starting, codexStarted, openGate } = await startSlowly();
  let answer: Response | undefined;
  const asking = (async () => {
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/v1/models`, {
        headers: { authorization: 'Bearer token-of-this-test' },
      });
    while (answer === undefined) answer = await ask().catch(() => undefined);
  })();
  await codexStarted();
  expect(answer).toBeUndefined();
  openGate();
  const gateway = await starting;
  await asking;
  expect(answer!.status).toBe(200);
  await answer!.text();
  await gateway.close(AbortSignal.abort());
});

it('a WebSocket handshake that arrives while Codex starts is answered once it has started', async () => {
  const { port, starting, codexStarted, openGate } = await startSlowly();
  const socket = await connectEarly(port);
  await codexStarted();
  expect(socket.bytesRead).toBe(0);
  openGate();
  const gateway = await starting;
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 /);
  // This client does not take part in closing it.
  socket.resume();
  await gateway.close(AbortSignal.abort());
  socket.destroy();
});

it('a WebSocket handshake that waits for Codex does not hold up an aborted start', async () => {
  const { port, starting, codexStarted, giveUp } = await startSlowly();
  const socket = await connectEarly(port);
  const closed = once(socket, 'close');
  socket.resume();
  await codexStarted();
  giveUp();
  await expect(starting).rejects.toThrow();
  await closed;
});

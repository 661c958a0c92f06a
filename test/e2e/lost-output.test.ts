import { writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCommand, startServer, userEnvironment, type ServerOptions } from '../support/command-line.ts';
import { makePipe } from '../support/make-pipe.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function start(options: ServerOptions) {
  const environment = userEnvironment(temporaryFolder());
  const args = ['--demo', '--port', '0', '--token', 'the-token-of-this-test', '--log-level', 'debug'];
  const server = await startServer(args, environment, options);
  const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
  async function ask(): Promise<string> {
    const response = await fetch(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer the-token-of-this-test', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    return await response.text();
  }
  /** Makes more log lines than a socket takes, in which each costs some hundred bytes more than its text. */
  async function fill(): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(Array.from({ length: 100 }, () => fetch(`${origin}/healthz`).then((r) => r.text())));
    }
  }
  return { server, ask, fill };
}

/** Writes to a pipe until it takes no byte more. */
function fillPipe(descriptor: number): void {
  for (const bytes of [Buffer.alloc(64 * 1024), Buffer.alloc(1)]) {
    try {
      while (writeSync(descriptor, bytes) > 0);
    } catch (error) {
      expect(error).toMatchObject({ code: 'EAGAIN' });
    }
  }
}

describe('a server whose log cannot be written', () => {
  it('answers on a full disk, and stops when it is asked to', async () => {
    const { server, ask } = await start({ redirect: '2>/dev/full' });
    for (let count = 0; count < 3; count += 1) expect(await ask()).toContain('You said: Hello');
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
  });

  it('answers when the reader of its log has gone, and stops when it is asked to', async () => {
    const { server, ask } = await start({});
    server.closeStderr();
    for (let count = 0; count < 3; count += 1) expect(await ask()).toContain('You said: Hello');
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
  });

  it('answers when nobody reads its log from a full pipe, and stops when it is asked to', async () => {
    const { path, descriptor } = makePipe();
    const { server, ask } = await start({ redirect: `2>'${path}'` });
    fillPipe(descriptor);
    expect(await ask()).toContain('You said: Hello');
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
  });

  it('answers when nobody reads its log from a full socket, and stops when it is asked to', async () => {
    const { server, ask, fill } = await start({ unread: true });
    await fill();
    expect(await ask()).toContain('You said: Hello');
    server.kill('SIGTERM');
    expect(await server.closed).toBe(0);
  });
});

describe('a command whose output cannot be written', () => {
  const environment = () => ({
    ...userEnvironment(temporaryFolder()),
    CODEX_GATEWAY_TOKEN: 'the-token-of-this-test',
  });

  it.each(['show', '--help'])('%s fails, and says why', async (command) => {
    expect(await runCommand([command], environment(), '>/dev/full')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'codex-gateway: The output cannot be written (ENOSPC).\n',
    });
  });

  it('ends quietly when its reader has left', async () => {
    const { stderr } = await runCommand(['show'], environment(), '| true');
    expect(stderr).toBe('');
  });

  it('keeps its exit code when its errors cannot be written', async () => {
    expect((await runCommand(['--bogus'], environment(), '2>/dev/full')).code).toBe(1);
  });
});

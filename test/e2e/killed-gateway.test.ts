import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer, userEnvironment } from '../support/command-line.ts';
import { scriptedProvider } from '../support/gateway.ts';
import { childrenOf, isAlive, until } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startMessage, startUpstream } from '../support/upstream.ts';

const TOKEN = 'test-token-of-this-suite';

/** Milliseconds after which nothing of a killed gateway may run. */
const ORPHAN_MS = 2_000;

it.runIf(process.platform === 'linux')(
  'a gateway that gets a kill -9 takes Codex with it within two seconds, and the next start ends and removes what was left',
  async () => {
    const upstream = await startUpstream((_request, response) => startMessage(response, 'Hel'));
    onTestFinished(() => upstream.close());
    const environment = userEnvironment(temporaryFolder());
    writeFileSync(join(environment.HOME!, '.codex/config.toml'), scriptedProvider(upstream.baseUrl));
    const homes = join(environment.HOME!, '.local/state/codex-gateway/homes');

    /** Starts a gateway with an answer that does not end; a second Codex prepares databases for a moment. */
    async function live() {
      const server = await startServer(['--port', '0', '--token', TOKEN], environment);
      const origin = /listens on (\S+)/.exec(server.stdout())![1]!;
      const stream = await fetch(`${origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-5.5', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
      });
      await stream.body!.getReader().read();
      const children = childrenOf(server.pid, 'app-server');
      onTestFinished(() => {
        for (const pid of children) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      });
      return { server, children };
    }

    const first = await live();
    expect(first.children).not.toEqual([]);
    first.server.kill('SIGKILL');
    await first.server.closed;
    const killedAt = performance.now();
    await until(() => !first.children.some(isAlive));
    expect(performance.now() - killedAt).toBeLessThan(ORPHAN_MS);
    const leftByFirst = readdirSync(homes);
    expect(leftByFirst).not.toEqual([]);

    const second = await live();
    expect(readdirSync(homes).filter((home) => leftByFirst.includes(home))).toEqual([]);
    // One that is stopped does not notice that the gateway has gone.
    for (const pid of second.children) process.kill(pid, 'SIGSTOP');
    second.server.kill('SIGKILL');
    await second.server.closed;
    const leftBySecond = readdirSync(homes);
    expect(second.children.filter((pid) => isAlive(pid))).toEqual(second.children);

    const third = await live();
    await until(() => !second.children.some(isAlive));
    const left = readdirSync(homes);
    expect(left.filter((home) => leftBySecond.includes(home))).toEqual([]);
    third.server.kill('SIGTERM');
    // Two signals at once are one.
    await until(() => third.server.stderr().includes('for 1 running request'));
    third.server.kill('SIGTERM');
    expect(await third.server.closed).toBe(0);
    expect([readdirSync(homes), third.children.filter((pid) => isAlive(pid))]).toEqual([[], []]);
  },
);

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findRootStore } from '../../src/codex/home/root-store.ts';
import { startTestAppServer } from '../support/app-server.ts';
import {
  createAuthority,
  createServerCertificate,
  writeRootFiles,
  type Authority,
} from '../support/certificates.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { say } from '../support/upstream.ts';

/** A provider over TLS whose certificate the authority has signed. */
async function startProvider(authority: Authority): Promise<string> {
  const { key, cert } = await createServerCertificate(authority);
  const server = createServer({ key, cert }, (request, response) => {
    request.resume().once('end', () => void say('Hello.')({} as never, response));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}/v1`;
}

const TURN = {
  model: 'gpt-5.5',
  items: [{ type: 'message', role: 'user', parts: [{ type: 'text', text: 'hello' }], path: '' }],
} as const;

/** Asks a provider, with roots that are laid out as on Debian. */
async function askWith(signer: Authority, bundled: readonly Authority[], hashed: readonly Authority[]) {
  const files = hashed.map(({ cert }, index) => [`0000000${index}.0`, cert]);
  const bases = writeRootFiles(temporaryFolder(), {
    bundled: bundled.map(({ cert }) => cert),
    hashed: Object.fromEntries(files) as Record<string, string>,
  });
  const rootStore = (await findRootStore(bases))!;
  const appServer = await startTestAppServer({ baseUrl: await startProvider(signer), rootStore });
  onTestFinished(() => appServer.close());
  return await appServer.runTurn(TURN);
}

const ANSWER = expect.arrayContaining([expect.objectContaining({ type: 'text-delta', text: 'Hello.' })]);

it('Codex trusts every root of the bundle', async () => {
  const roots = [await createAuthority('first'), await createAuthority('last')];
  expect(await askWith(roots[1]!, roots, roots)).toEqual(ANSWER);
});

it('Codex trusts a root that is only in the folder', async () => {
  const [bundled, local] = [await createAuthority('bundled'), await createAuthority('local')];
  expect(await askWith(local, [bundled], [bundled, local])).toEqual(ANSWER);
});

it('Codex does not trust a root that the machine does not have', async () => {
  const [bundled, foreign] = [await createAuthority('bundled'), await createAuthority('foreign')];
  await expect(askWith(foreign, [bundled], [bundled])).rejects.toThrow(
    'The model provider cannot be reached',
  );
});

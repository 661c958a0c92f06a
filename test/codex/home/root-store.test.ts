import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  findRootStore,
  maySubstituteRoots,
  readRoots,
  type Connections,
} from '../../../src/codex/home/root-store.ts';
import { createAuthority, createServerCertificate, writeRootFiles } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let first: string;
let second: string;
let local: string;
let server: string;
beforeAll(async () => {
  const authority = await createAuthority('first');
  first = authority.cert;
  second = (await createAuthority('second')).cert;
  local = (await createAuthority('local')).cert;
  server = (await createServerCertificate(authority)).cert;
});

async function read(bundled: readonly string[], hashed: Readonly<Record<string, string>> = {}) {
  const store = await findRootStore(writeRootFiles(temporaryFolder(), { bundled, hashed }));
  const [folder = ''] = store!.folders;
  const roots = await readRoots(store!);
  const names = roots?.files.map((file) => file.replace(`${folder}/`, ''));
  return roots && { one: roots.one, names };
}

const compact = (pem: string) => pem.replaceAll(/\s/g, '');

describe('the root store of the machine', () => {
  it('is found where distributions have it, also through links', async () => {
    const folder = temporaryFolder();
    const store = await findRootStore(writeRootFiles(folder, { bundled: [first], hashed: {} }));
    expect(store).toEqual({
      bundle: join(folder, 'etc-ssl', 'certs', 'ca-certificates.crt'),
      folders: [join(folder, 'etc-ssl', 'certs')],
    });
  });

  it('is unknown if there is none, or a second one that may differ', async () => {
    expect(await findRootStore([temporaryFolder()])).toBeUndefined();
    const folder = temporaryFolder();
    const bases = writeRootFiles(folder, { bundled: [first], hashed: {} });
    writeFileSync(join(folder, 'etc-ssl', 'cert.pem'), second);
    expect(await findRootStore(bases)).toBeUndefined();
  });
});

describe('the roots of a store', () => {
  it('are those of the bundle, if the folder has no others', async () => {
    const { one, names } = (await read([first, second], { '0a1b2c3d.0': first, 'ffffffff.1': second }))!;
    expect([compact(one), names]).toEqual([compact(first), ['ca-certificates.crt']]);
  });

  it('include those that only the folder has', async () => {
    const { names } = (await read([first], { '0a1b2c3d.0': first, 'ffffffff.1': local }))!;
    expect(names).toEqual(['ca-certificates.crt', 'ffffffff.1']);
  });

  it('leave out files of the folder that no program reads, and links that lead nowhere', async () => {
    const folder = temporaryFolder();
    const bases = writeRootFiles(folder, { bundled: [first], hashed: { 'local.pem': local, README: 'x' } });
    symlinkSync('nowhere', join(folder, 'etc-ssl', 'certs', '0a1b2c3d.0'));
    const roots = await readRoots((await findRootStore(bases))!);
    expect(roots!.files).toHaveLength(1);
  });

  it('are represented by a certificate authority', async () => {
    expect(compact((await read([server, second]))!.one)).toBe(compact(second));
  });

  it.each([
    ['without an authority', () => [server], {}],
    ["in OpenSSL's own format", () => [first, first.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')], {}],
    ['that are damaged', () => ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'], {}],
    ['that are empty', () => [''], {}],
    [
      'with many that only the folder has',
      () => [first],
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${10_000_000 + index}.0`, () => local])),
    ],
  ])('are left as Codex reads them: %s', async (_what, bundled, hashed) => {
    const files = Object.entries(hashed).map(([name, text]) => [name, text()]);
    expect(await read(bundled(), Object.fromEntries(files))).toBeUndefined();
  });

  it('are left as Codex reads them once the bundle has gone', async () => {
    const bases = writeRootFiles(temporaryFolder(), { bundled: [first], hashed: {} });
    const store = (await findRootStore(bases))!;
    rmSync(store.bundle);
    expect(await readRoots(store)).toBeUndefined();
  });
});

describe('the roots are read in the cheaper way', () => {
  const connections = (changes: Partial<Connections> = {}): Connections => ({
    environment: { PATH: '/bin', HTTPS_PROXY: 'http://proxy:8080' },
    provider: { id: 'openai', config: { name: 'OpenAI', requires_openai_auth: true } },
    user: {},
    webSocket: true,
    platform: 'linux',
    ...changes,
  });
  const at = (base_url: string, further = {}) =>
    connections({ provider: { id: 'own', config: { base_url, ...further } } });

  it.each([
    ['for OpenAI by WebSocket', connections()],
    ['for a provider without TLS', { ...at('http://127.0.0.1:11434/v1'), webSocket: false }],
  ])('%s', (_what, given) => {
    expect(maySubstituteRoots(given)).toBe(true);
  });

  it.each([
    ['for OpenAI over HTTP, where rustls would use HTTP/2', connections({ webSocket: false })],
    ['where the user names the file', connections({ environment: { SSL_CERT_FILE: '/roots.pem' } })],
    ['where the user names the folder', connections({ environment: { SSL_CERT_DIR: '/roots' } })],
    ['where the user names it for Codex', connections({ environment: { CODEX_CA_CERTIFICATE: '/r.pem' } })],
    ['where a variable is empty', connections({ environment: { SSL_CERT_FILE: '' } })],
    ['for another provider with TLS, whose certificate rustls may refuse', at('https://llm.example/v1')],
    ['for another ChatGPT', connections({ user: { chatgpt_base_url: 'https://chat.example/' } })],
    ['for a proxy with TLS', connections({ environment: { https_proxy: 'https://proxy:8443' } })],
    ['where Codex runs a command for the key', at('http://127.0.0.1:1/v1', { auth: { command: 'key' } })],
    ['with an OAuth gateway', at('http://127.0.0.1:1/v1', { gateway_oauth: {} })],
    ['on another system', connections({ platform: 'darwin' })],
  ])('not %s', (_what, given) => {
    expect(maySubstituteRoots(given)).toBe(false);
  });
});

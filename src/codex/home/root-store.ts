import { X509Certificate } from 'node:crypto';
import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from './provider.ts';
import type { UserConfig } from './user-config.ts';

// Without variables about certificates, Codex has OpenSSL parse all roots of the machine for each HTTP request, which is more than
// half of the CPU time of a turn. With SSL_CERT_FILE it uses rustls, has OpenSSL parse that file only, and takes all other
// roots from the files in SSL_CERT_DIR whose names look like hashes, which costs next to nothing. So a child gets one root as
// the file, and links to all others in a folder: the same roots, read in the cheaper way.

/** The machine's root certificates, where programs with OpenSSL or rustls look for them. */
export interface RootStore {
  readonly bundle: string;
  /** Folders with a file for each root. */
  readonly folders: readonly string[];
}

/** The certificates of a root store. */
export interface Roots {
  /** One certificate authority of the bundle, in PEM. */
  readonly one: string;
  /** Files that hold all certificates of the store: the bundle, and those of the folders that it lacks. */
  readonly files: readonly string[];
}

/** Folders in which root certificates are looked for, as distributions have them. */
const BASES = [
  '/var/ssl',
  '/usr/share/ssl',
  '/usr/local/ssl',
  '/usr/local/openssl',
  '/usr/local/etc/openssl',
  '/usr/local/share',
  '/usr/lib/ssl',
  '/usr/ssl',
  '/etc/openssl',
  '/etc/pki/ca-trust/extracted/pem',
  '/etc/pki/tls',
  '/etc/ssl',
  '/etc/certs',
  '/opt/etc/ssl',
];

const BUNDLES = [
  'cert.pem',
  'certs.pem',
  'ca-bundle.pem',
  'cacert.pem',
  'ca-certificates.crt',
  'certs/ca-certificates.crt',
  'certs/ca-root-nss.crt',
  'certs/ca-bundle.crt',
  'CARootCertificates.pem',
  'tls-ca-bundle.pem',
];

/** Finds the machine's root store; resolves to undefined if it has none, or several that may differ. */
export async function findRootStore(bases: readonly string[] = BASES): Promise<RootStore | undefined> {
  const existing = await existingPaths(bases);
  const bundles = await existingPaths(existing.flatMap((base) => BUNDLES.map((name) => join(base, name))));
  const folders = await existingPaths(existing.map((base) => join(base, 'certs')));
  const [bundle, ...others] = bundles;
  return bundle === undefined || others.length > 0 ? undefined : { bundle, folders };
}

/** Returns the real paths that exist, each once. */
async function existingPaths(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)));
  return [...new Set(found.filter((path) => path !== undefined))];
}

/** Variables that already say which certificates a child trusts. */
const VARIABLES = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CODEX_CA_CERTIFICATE'];

export interface Connections {
  /** The child's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly provider: Provider;
  readonly user: UserConfig;
  /** True if threads reach the provider by WebSocket. */
  readonly webSocket: boolean;
  readonly platform?: NodeJS.Platform;
}

/**
 * Returns true if a child may read the root store by way of rustls. It may not for turns over HTTP with TLS: with rustls they go by
 * HTTP/2, where large requests take longer to send. It may not either where certificates might be refused that OpenSSL accepts, as
 * those of a private provider or proxy, and where Codex runs commands, which inherit the variables.
 */
export function maySubstituteRoots({
  environment,
  provider: { config },
  user,
  webSocket,
  platform = process.platform,
}: Connections): boolean {
  const urls = [config.base_url, user.chatgpt_base_url].filter((url) => url !== undefined);
  const usesTls = config.base_url === undefined;
  const proxies = Object.entries(environment).filter(([name]) => /_proxy$/i.test(name));
  return (
    platform === 'linux' &&
    VARIABLES.every((name) => environment[name] === undefined) &&
    urls.every((url) => url.startsWith('http:')) &&
    (webSocket || !usesTls) &&
    proxies.every(([, proxy]) => !proxy.startsWith('https:')) &&
    config.auth === undefined &&
    config.gateway_oauth === undefined
  );
}

/** Most files beside the bundle that a store may need; a usual one needs none or one. */
const MAX_FURTHER_FILES = 32;

/** Names of files that hold roots: the hash of a subject, and a number. */
const HASHED = /^[0-9a-f]{8}\.\d+$/i;

/** Reads the certificates of a store; resolves to undefined if they cannot be read in another way than Codex does by default. */
export async function readRoots({ bundle, folders }: RootStore): Promise<Roots | undefined> {
  try {
    const bundled = certificatesOf(await readFile(bundle, 'utf8'));
    const one = bundled.find(isAuthority);
    const known = new Set(bundled);
    const files = [bundle];
    for (const path of await listHashed(folders)) {
      const isKnown = certificatesOf(await readFile(path, 'utf8')).every((root) => known.has(root));
      if (!isKnown) files.push(path);
    }
    if (one === undefined || files.length > MAX_FURTHER_FILES + 1) return undefined;
    return { one: toPem(one), files };
  } catch {
    return undefined;
  }
}

async function listHashed(folders: readonly string[]): Promise<string[]> {
  const listed = folders.map(async (folder) => {
    const names = (await readdir(folder)).filter((name) => HASHED.test(name));
    return names.map((name) => join(folder, name));
  });
  const paths = (await Promise.all(listed)).flat();
  // A link may lead nowhere.
  const isThere = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_path, index) => isThere[index]);
}

/** Returns the certificates of a file in PEM, without their frames. Throws for those with settings of OpenSSL's own. */
function certificatesOf(text: string): string[] {
  if (text.includes('-----BEGIN TRUSTED CERTIFICATE-----')) throw new Error('OpenSSL only');
  const found = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...found].map(([, base64 = '']) => base64.replaceAll(/\s/g, ''));
}

function toPem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function isAuthority(base64: string): boolean {
  return new X509Certificate(Buffer.from(base64, 'base64')).ca;
}

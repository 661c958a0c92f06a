import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Authority {
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** Creates a root certificate. */
export async function createAuthority(name: string): Promise<Authority> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key, cert };
}

/** Creates the certificate of a server, signed by an authority. */
export async function createServerCertificate(authority: Authority, host = 'localhost'): Promise<Authority> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: host }], {
    keySize: 2048,
    algorithm: 'sha256',
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { key, cert };
}

export interface RootFiles {
  /** Certificates in the bundle, in PEM. */
  readonly bundled: readonly string[];
  /** Certificates in the folder: files by name. */
  readonly hashed: Readonly<Record<string, string>>;
}

/** Lays out root certificates as Debian does; returns the folders below which programs look for them. */
export function writeRootFiles(folder: string, { bundled, hashed }: RootFiles): string[] {
  const etc = join(folder, 'etc-ssl');
  const usr = join(folder, 'usr-lib-ssl');
  mkdirSync(join(etc, 'certs'), { recursive: true });
  mkdirSync(usr);
  writeFileSync(join(etc, 'certs', 'ca-certificates.crt'), bundled.join('\n'));
  for (const [name, text] of Object.entries(hashed)) writeFileSync(join(etc, 'certs', name), text);
  symlinkSync(join(etc, 'certs', 'ca-certificates.crt'), join(usr, 'cert.pem'));
  symlinkSync(join(etc, 'certs'), join(usr, 'certs'));
  return [join(folder, 'var-ssl'), usr, etc];
}

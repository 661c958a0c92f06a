import { generate } from 'selfsigned';

export interface Certificates {
  /** Certificate of the authority, which clients have to trust. */
  readonly authority: string;
  readonly key: string;
  readonly cert: string;
}

/** Creates an authority, and a certificate of it for `localhost`. */
export async function createCertificates(): Promise<Certificates> {
  const kind = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'bench' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...kind,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  return { authority: authority.cert, key, cert };
}

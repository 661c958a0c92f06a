import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SCOPES, type Scope } from '../base/scopes.ts';

/** Maximums of a token; null for one that does not apply. */
export interface TokenLimits {
  /** Turns at once. */
  readonly turns: number | null;
  /** Requests a minute. */
  readonly requests: number | null;
  /** Tokens of the model a day, in and out. */
  readonly tokens: number | null;
}

export const NO_LIMITS: TokenLimits = { turns: null, requests: null, tokens: null };

/** A named token as it is kept. The token itself is not. */
export interface TokenEntry {
  /** Random, so that a name that is used again is another caller. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
  /** Unix milliseconds. */
  readonly created: number;
  readonly expires: number | null;
  readonly limits: TokenLimits;
  /** Set for a browser that is signed in to the console; its token is in a cookie and counts nowhere else. */
  readonly browser?: SignedInBrowser | undefined;
}

/** A browser that is signed in to the console. */
interface SignedInBrowser {
  /** Id of the token in whose name it signed in: the browser acts as its holder, and only as long as that token holds. */
  readonly owner: string;
  /** True if it may change nothing. */
  readonly isReadOnly: boolean;
  /** SHA-256 of the key that its page keeps: the cookie alone, which other servers of the same host see, is of no use. */
  readonly pageDigest: Buffer;
}

const limit = z.int().positive().nullable().default(null);
const time = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const fileSchema = z.object({
  id: z.string().min(1),
  /** In hexadecimal digits. */
  sha256: digest,
  scopes: z.array(z.string()),
  created: time,
  expires: time.nullable(),
  limits: z.object({ turns: limit, requests: limit, tokens: limit }),
  browser: z.object({ owner: z.string(), read_only: z.boolean(), page_sha256: digest }).optional(),
});

/** Reads the file of a token. Throws for one that is not whole. */
export function decodeTokenEntry(name: string, text: string): TokenEntry {
  const { id, sha256, scopes, created, expires, limits, browser } = fileSchema.parse(JSON.parse(text));
  return {
    id,
    name,
    digest: Buffer.from(sha256, 'hex'),
    // A later version may have written further ones.
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    created: Date.parse(created),
    expires: expires === null ? null : Date.parse(expires),
    limits,
    ...(browser && { browser: decodeBrowser(browser) }),
  };
}

export function encodeTokenEntry(entry: TokenEntry): string {
  const { id, digest, scopes, created, expires, limits, browser } = entry;
  const file: z.input<typeof fileSchema> = {
    id,
    sha256: digest.toString('hex'),
    scopes: [...scopes],
    created: new Date(created).toISOString(),
    expires: expires === null ? null : new Date(expires).toISOString(),
    limits,
    ...(browser && { browser: encodeBrowser(browser) }),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

type BrowserFile = NonNullable<z.output<typeof fileSchema>['browser']>;

function decodeBrowser({ owner, read_only: isReadOnly, page_sha256: hex }: BrowserFile): SignedInBrowser {
  return { owner, isReadOnly, pageDigest: Buffer.from(hex, 'hex') };
}

function encodeBrowser({ owner, isReadOnly, pageDigest }: SignedInBrowser): BrowserFile {
  return { owner, read_only: isReadOnly, page_sha256: pageDigest.toString('hex') };
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

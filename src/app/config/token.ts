import { randomBytes } from 'node:crypto';
import { StartupError } from '../../base/errors.ts';

const PREFIX = 'codex-gateway-local-';

/** Returns a new token: 256 random bits after a prefix that shows where it belongs. */
export function generateToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** Returns true for a text that looks like a generated token, of this or another gateway. */
export function looksGenerated(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Refuses a token that a header cannot hold, or that exposes a real OpenAI key. `source` is its origin. */
export function checkToken(token: string, source: string): string {
  if (token === '') {
    throw new StartupError(`The token of ${source} is empty; set one, or remove it to have one generated.`);
  }
  if (token.startsWith('sk-')) {
    throw new StartupError(
      `The token of ${source} looks like an OpenAI API key; the gateway needs a token of its own. Remove it to have one generated.`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new StartupError(
      `The token of ${source} contains white space or non-ASCII characters; use another.`,
    );
  }
  return token;
}

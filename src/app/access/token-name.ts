import { TOKEN_NAME } from '../../access/token-folder.ts';
import { StartupError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { MAIN_TOKEN } from '../../base/scopes.ts';

/** A name that no token can have, that one has already, or that none has. */
export class TokenNameError extends StartupError {}

const STDIO = 'stdio';

/** Throws a `TokenNameError` for a name that no token can have. */
export function checkTokenName(name: string): void {
  if (name === MAIN_TOKEN)
    throw new TokenNameError(
      `'${MAIN_TOKEN}' is the name of the gateway's own token, which \`token\` prints; choose another name.`,
    );
  // The audit of the internal tools names callers without a token like this.
  if (name === STDIO)
    throw new TokenNameError(`'${STDIO}' stands for calls without a token; choose another name.`);
  if (TOKEN_NAME.test(name)) return;
  throw new TokenNameError(
    `The name '${excerpt(name)}' cannot be used; a name has up to 64 letters, digits, dots, underscores and hyphens.`,
  );
}

export function nameTaken(name: string): TokenNameError {
  return new TokenNameError(
    `There is a token '${name}' already; choose another name, or revoke that one first.`,
  );
}

export function unknownName(name: string): TokenNameError {
  return new TokenNameError(`There is no token '${excerpt(name)}'; \`tokens list\` shows all.`);
}

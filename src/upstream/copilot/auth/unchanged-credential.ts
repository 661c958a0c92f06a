import type { Credential, CredentialSource } from './credential.ts';
import type { SignIn } from './find-sign-in.ts';
import { adviceFor, signedOut, sourceName } from './sign-in-errors.ts';
import { expiryInToken, isExpired, tokenKind } from './token-kinds.ts';

/** The integration id under which Copilot takes fine-grained personal tokens. */
const FINE_GRAINED_ID = 'copilot-developer-cli';

export interface UnchangedOptions {
  readonly command: string;
  /** A token of the token file that Copilot has refused, so that the other one there is used. */
  readonly refusedInFile: string | undefined;
}

/** Returns the credential of a sign-in whose token is not exchanged. */
export function unchangedCredential(
  { source, token, kept }: SignIn,
  { command, refusedInFile }: UnchangedOptions,
): Credential {
  const isUsable = kept !== undefined && !isExpired(kept) && kept.bearer !== refusedInFile;
  if (kept !== undefined && (isUsable || token === undefined)) return { ...kept, source };
  return directCredential(source, token ?? '', command);
}

/** Returns the credential of a token that is sent as it is. */
function directCredential(source: CredentialSource, bearer: string, command: string): Credential {
  const kind = tokenKind(bearer);
  if (kind === 'classic') {
    throw signedOut(
      `GitHub Copilot does not accept classic personal access tokens (ghp_…), and ${sourceName(source)} has one.`,
      adviceFor(source, command),
    );
  }
  const integrationId = kind === 'fine-grained' ? FINE_GRAINED_ID : undefined;
  return { bearer, source, integrationId, expiresAtMs: expiryInToken(bearer) };
}

import type { ConfigFile } from './config-file.ts';

/** Facts about who else can reach the gateway, or read what only its user should. */
export interface Exposure {
  /** True if machines other than this one may be served. */
  readonly allowRemote?: boolean;
  /** True if the config file contains a token, whatever token is used. */
  readonly hasSecretInConfig?: boolean;
}

export function readExposure(
  { allowRemote = false }: Pick<Exposure, 'allowRemote'>,
  { token, copilot }: ConfigFile,
): Exposure {
  const hasSecret = token !== undefined || copilot.token !== undefined;
  return { ...(allowRemote && { allowRemote }), ...(hasSecret && { hasSecretInConfig: true }) };
}

import { StartupError } from '../../base/errors.ts';
import type { Observation } from '../../base/observation.ts';
import type { Reach } from '../../http/base-app.ts';
import { checkTrustedFiles, isReadableByOthers } from '../files/trusted-files.ts';
import { isLoopback, isUnspecified } from './address.ts';
import type { Settings } from './config.ts';

/** Returns who may reach the gateway: an address that it listens on may be named, too. */
export function reachOf({ host, allowedHosts, allowedOrigins, trustedProxies }: Settings): Reach {
  const own = isUnspecified(host) ? [] : [host];
  return { allowedHosts: [...allowedHosts, ...own], allowedOrigins, trustedProxies };
}

/**
 * Refuses to serve where others could get at the gateway without its user's will: over the network, or by files that they can
 * change. Returns what the user should know about settings that are not refused.
 * @param settings Settings whose token, if there is one, was configured, and not made by the gateway.
 * @param hasNamedToken Resolves to true if a token was added by a command; undefined where such tokens let nobody in.
 */
export async function checkReach(
  settings: Settings,
  hasNamedToken?: () => Promise<boolean>,
): Promise<Observation[]> {
  await checkTrustedFiles(settings);
  const { host, configPath, stateDirectory, hasSecretInConfig = false } = settings;
  const isRemote = !isLoopback(host);
  if (isRemote) await checkRemote(settings, hasNamedToken);
  const openConfig = hasSecretInConfig && (await isReadableByOthers(configPath));
  const openState = await isReadableByOthers(stateDirectory);
  return [
    ...(isRemote ? [{ type: 'gateway-exposed', host } as const] : []),
    ...(openConfig ? [{ type: 'files-readable', what: 'config file' } as const] : []),
    ...(openState ? [{ type: 'files-readable', what: 'state folder' } as const] : []),
  ];
}

async function checkRemote(settings: Settings, hasNamedToken?: () => Promise<boolean>): Promise<void> {
  refuseUnwanted(settings);
  if (settings.token !== undefined || (await hasNamedToken?.())) return;
  const advice = hasNamedToken
    ? 'Add one with `tokens add`, or set one'
    : 'The demo knows none of `tokens add`; set one';
  throw new StartupError(
    `--allow-remote needs a token that you have chosen: one that the gateway makes for itself does not count. ${advice} with --token-file, CODEX_GATEWAY_TOKEN or the config file.`,
  );
}

/** Refuses a host that other machines can reach unless that is asked for: every client uses the user's account. */
function refuseUnwanted({ host, hostSource, allowRemote }: Settings): void {
  if (allowRemote) return;
  const origin = hostSource === undefined ? '' : ` It was set by ${hostSource}.`;
  throw new StartupError(
    `The host '${host}' is not a loopback address; use 127.0.0.1, ::1 or localhost, or pass --allow-remote to serve other machines.${origin}`,
  );
}

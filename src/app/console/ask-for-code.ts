import { StartupError } from '../../base/errors.ts';
import type { Scope } from '../../base/scopes.ts';
import { codeSchema } from '../../console/contract/sign-in.ts';
import { formatOrigin } from '../config/address.ts';
import type { Environment, Flags } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import { findTarget, requireToken, tokenUnknown } from '../gateways/find-target.ts';
import { ownCommand } from '../config/own-command.ts';

export interface CodeOptions {
  /** Scopes of the browser; those of everything that is in the console by default. */
  readonly scopes: readonly Scope[] | undefined;
  /** True if the gateway has to be a demo. */
  readonly isDemo: boolean;
  readonly isReadOnly: boolean;
  readonly signal: AbortSignal;
}

export interface SignInLink {
  /** Address of the console with a one-time code in its fragment, which browsers send to no server. */
  readonly link: string;
  /** Seconds for which it holds. */
  readonly seconds: number;
}

/** Asks the running gateway for a link that signs a browser in. Rejects with a `StartupError`. */
export async function askForCode(
  flags: Flags,
  environment: Environment,
  { scopes, isDemo, isReadOnly, signal }: CodeOptions,
): Promise<SignInLink> {
  const target = await findTarget(flags, environment, { isDemo });
  requireToken(target);
  const gateway = await findGateway(target, signal);
  const { running } = target;
  if (gateway === undefined || running === undefined) {
    const { usual } = ownCommand(environment);
    throw new StartupError(
      `No ${isDemo ? 'demo' : 'gateway'} is running. Start it with \`${usual}${isDemo ? ' --demo' : ''}\`, then try again.`,
    );
  }
  const { code, expires_in: seconds } =
    (await gateway.post('/console/codes', { scopes, read_only: isReadOnly }, codeSchema)) ?? refuse(running);
  return { link: `${formatOrigin(running.host, running.port)}/#code=${code}`, seconds };
}

function refuse(running: Parameters<typeof tokenUnknown>[0]): never {
  throw tokenUnknown(running);
}

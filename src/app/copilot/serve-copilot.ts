import type { Observer } from '../../base/observation.ts';
import { messageOf, shuttingDown } from '../../base/errors.ts';
import { closeInOrder } from '../../base/async/close-in-order.ts';
import { createCopilotApp } from '../../http/copilot-app.ts';
import { createActiveRequests } from '../../http/requests/active-requests.ts';
import type { TokenChecks } from '../../http/requests/token-checks.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import type { AccessTokens } from '../../access/access-tokens.ts';
import { openAccess } from '../access/open-access.ts';
import { formatOrigin, isLoopback } from '../config/address.ts';
import type { Environment, Settings } from '../config/config.ts';
import { ownCommand } from '../config/own-command.ts';
import { reachOf } from '../config/reach.ts';
import { generateToken } from '../config/token.ts';
import { refuseWeakToken } from '../config/weak-token.ts';
import { drain } from '../lifecycle/drain.ts';
import { listen } from '../lifecycle/listen.ts';
import { openCopilot } from './open-copilot.ts';

/** A server that has the routes of the Copilot adapter alone. */
export interface CopilotServer {
  /** `http://127.0.0.1:60001` */
  readonly origin: string;
  readonly login: CopilotLogin;
  /** False if every program on this machine is let in at the start. */
  readonly needsToken: boolean;
  /** Returns the number of requests in progress. */
  running(): number;
  /** Refuses further requests, lets running ones finish until `patience` aborts, then ends the remaining ones. */
  close(patience: AbortSignal): Promise<void>;
}

/** The login to Copilot at the start. */
interface CopilotLogin {
  readonly isSignedIn: boolean;
  /** Says why that could not be found out. */
  readonly problem?: string;
}

/** Serves the Copilot adapter without Codex; rejects with a `StartupError`. */
export async function serveCopilot(
  settings: Settings,
  environment: Environment,
  observer: Observer,
): Promise<CopilotServer> {
  refuseWeakToken(settings);
  const { host, port, token, stateDirectory } = settings;
  const { withoutPaths: command } = ownCommand(environment);
  const startedAt = performance.now();
  const active = createActiveRequests();
  let isDraining = false;
  const routes = openCopilot(settings, environment, observer);
  const main = token?.value ?? generateToken();
  const access = await openAccess({ main, stateDirectory, observer, command });
  const tokens: TokenChecks = token ? access : requireOnceNamed(access, !isLoopback(host));
  const app = createCopilotApp({
    routes,
    reach: reachOf(settings),
    bodyLimitBytes: settings.limits.bodyBytes,
    active,
    isDraining: () => isDraining,
    observer,
    stallLimitMs: routes.stallLimitMs,
    tokens,
    command,
  });
  const handle = app.callback();
  const listening = await listen(host, port, (request, response) => void handle(request, response), observer);
  observer.observe({ type: 'gateway-ready', ms: Math.round(performance.now() - startedAt) });
  const requests = {
    leave() {
      isDraining = true;
      active.leave();
    },
    count: active.count,
    late: active.late,
    abort: () => active.abortAll(shuttingDown()),
  };
  return {
    origin: formatOrigin(host, listening.port),
    login: await readLogin(routes.copilot),
    needsToken: (await tokens.isRequired?.()) ?? true,
    running: active.count,
    async close(patience) {
      observer.observe({ type: 'shutdown-begin', running: active.count() });
      await closeInOrder([() => drain(listening, patience, requests), access.close, routes.copilot.close]);
      observer.observe({ type: 'shutdown-end' });
    },
  };
}

/** Lets every caller in until there is a named token for Copilot. From then on it asks for one, also when that is revoked. */
function requireOnceNamed(access: AccessTokens, isRemote: boolean): TokenChecks {
  let isRequired = isRemote;
  return {
    ...access,
    async isRequired() {
      isRequired ||= await access.hasNamed('copilot');
      return isRequired;
    },
  };
}

async function readLogin(copilot: CopilotAdapter): Promise<CopilotLogin> {
  try {
    return { isSignedIn: await copilot.isSignedIn() };
  } catch (error) {
    return { isSignedIn: false, problem: messageOf(error) };
  }
}

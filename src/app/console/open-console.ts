import { createId } from '../../base/ids.ts';
import type { Browsers, ConsoleService } from '../../console/console-service.ts';
import { createLiveEvents } from '../../console/live/live-events.ts';
import { createSignInCodes } from '../../console/sign-in/sign-in-codes.ts';
import { NO_LIMITS } from '../../access/token-entry.ts';
import type { TokenKeeper } from '../access/token-keeper.ts';
import { createConsoleSessions } from './console-sessions.ts';
import { VERSION } from '../config/version.ts';
import { createConsoleConfig } from './console-config.ts';
import { createConsoleModels } from './models.ts';
import { createConsoleTokens } from './tokens.ts';
import type { ConsoleParts } from './console-parts.ts';
import { openOverview } from './overview.ts';
import { openRequests } from './requests.ts';
import { openClients } from './open-clients.ts';

/** Opens the console. */
export function openConsole(all: ConsoleParts): ConsoleService {
  const { parts } = all;
  const live = createLiveEvents();
  parts.recorder.watch({ onStop: live.close });
  const config = createConsoleConfig(all, live);
  return {
    version: VERSION,
    models: createConsoleModels(parts, config),
    codes: createSignInCodes(),
    browsers: createBrowsers(parts.access.keeper),
    tokens: createConsoleTokens(parts.access.keeper, live),
    live,
    requests: openRequests(all, live),
    ...openOverview(all, live),
    sessions: createConsoleSessions({
      service: parts.sessions,
      models: parts.models,
      settings: all.options.settings,
    }),
    clients: openClients(parts.models),
  };
}

/** Days for which a browser stays signed in. */
const DAYS = 30;

function createBrowsers(keeper: TokenKeeper): Browsers {
  return {
    async signIn({ owner, scopes, isReadOnly }) {
      const maxAgeSeconds = DAYS * 86_400;
      const token = await keeper.add({
        name: createId('browser-'),
        scopes,
        expires: Date.now() + maxAgeSeconds * 1000,
        limits: NO_LIMITS,
        browser: { owner, isReadOnly },
      });
      return { token, maxAgeSeconds };
    },
    signOut: keeper.revoke,
  };
}

import type { ConsoleService } from '../../console/console-service.ts';
import { createLiveEvents } from '../../console/live/live-events.ts';
import { createSignInCodes } from '../../console/sign-in/sign-in-codes.ts';
import { createBrowsers } from './browsers.ts';
import { createConsoleSessions } from './console-sessions.ts';
import { VERSION } from '../config/version.ts';
import { createConsoleConfig } from './console-config.ts';
import { createConsoleSettings } from './settings.ts';
import { createConsoleModels } from './models.ts';
import { createConsoleTokens } from './tokens.ts';
import type { ConsoleParts } from './console-parts.ts';
import { openOverview } from './overview.ts';
import { openRequests } from './requests.ts';
import { openConsoleTools } from './open-console-tools.ts';
import { openClients } from './open-clients.ts';

/** Opens the console. */
export function openConsole(all: ConsoleParts): ConsoleService {
  const { parts } = all;
  const live = createLiveEvents();
  parts.access.onChange(() => live.publish('changed', { area: 'tokens' }));
  parts.recorder.watch({ onStop: live.close });
  const config = createConsoleConfig(all, live);
  return {
    version: VERSION,
    models: createConsoleModels(parts, config),
    settings: createConsoleSettings(all.options, config),
    codes: createSignInCodes(),
    browsers: createBrowsers(parts.access.keeper),
    tokens: createConsoleTokens(parts.access.keeper),
    live,
    requests: openRequests(all, live),
    ...openOverview(all, live),
    sessions: createConsoleSessions({
      service: parts.sessions,
      models: parts.models,
      settings: all.options.settings,
    }),
    clients: openClients(parts.models),
    tools: openConsoleTools(parts.tools!, live),
    note: (change) => all.options.observer.observe({ type: 'console-changed', ...change }),
  };
}

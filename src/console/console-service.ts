import type { ClientsService } from './clients/clients-service.ts';
import type { Overview } from './contract/overview.ts';
import type { TrafficHistory } from './contract/traffic.ts';
import type { RequestPage, RequestQuery } from './contract/requests.ts';
import type { LiveEvents } from './live/live-events.ts';
import type { ConsoleModels } from './models/console-models.ts';
import type { ConsoleSessions } from './sessions/console-sessions.ts';
import type { SignInCodes, SignInGrant } from './sign-in/sign-in-codes.ts';
import type { ConsoleTokens } from './tokens/console-tokens.ts';

/** A browser that has just signed in. */
export interface NewBrowser {
  /** Its token, for the cookie. */
  readonly token: string;
  /** Seconds after which it has to sign in again. */
  readonly maxAgeSeconds: number;
}

/** The browsers that are signed in. */
export interface Browsers {
  signIn(grant: SignInGrant): Promise<NewBrowser>;
  /** Signs out the browser with this name. */
  signOut(name: string): Promise<void>;
}

/** The latest requests of all clients. */
export interface RequestHistory {
  list(query: RequestQuery): RequestPage;
}

/** Everything that the routes of the console serve; made when somebody opens the console for the first time. */
export interface ConsoleService {
  /** Version of the gateway. */
  readonly version: string;
  readonly models: ConsoleModels;
  readonly codes: SignInCodes;
  readonly browsers: Browsers;
  readonly tokens: ConsoleTokens;
  readonly live: LiveEvents;
  readonly requests: RequestHistory;
  readonly clients: ClientsService;
  readonly sessions: ConsoleSessions;
  overview(signal: AbortSignal): Promise<Overview>;
  /** Returns what was asked in the last hour and the last day. */
  traffic(): TrafficHistory;
}

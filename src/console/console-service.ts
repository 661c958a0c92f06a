import type { ConsoleObservation } from '../base/console-observation.ts';
import type { ClientsService } from './clients/clients-service.ts';
import type { Checks } from './contract/checks.ts';
import type { Overview } from './contract/overview.ts';
import type { TrafficHistory } from './contract/traffic.ts';
import type { RequestDetail, RequestPage, RequestQuery } from './contract/requests.ts';
import type { LiveEvents } from './live/live-events.ts';
import type { ConsoleModels } from './models/console-models.ts';
import type { ConsoleSessions } from './sessions/console-sessions.ts';
import type { Browsers } from './sign-in/browsers.ts';
import type { SignInCodes } from './sign-in/sign-in-codes.ts';
import type { ConsoleSettings } from './settings/console-settings.ts';
import type { ConsoleTools } from './tools/console-tools.ts';
import type { ConsoleTokens } from './tokens/console-tokens.ts';

/** The latest requests of all clients. */
export interface RequestHistory {
  list(query: RequestQuery): RequestPage;
  /** Returns all that is known of a request; undefined if it is no longer held. */
  show(number: number): RequestDetail | undefined;
}

/** Everything that the routes of the console serve; made when somebody opens the console for the first time. */
export interface ConsoleService {
  /** Version of the gateway. */
  readonly version: string;
  readonly models: ConsoleModels;
  readonly settings: ConsoleSettings;
  readonly codes: SignInCodes;
  readonly browsers: Browsers;
  readonly tokens: ConsoleTokens;
  readonly live: LiveEvents;
  readonly requests: RequestHistory;
  readonly clients: ClientsService;
  readonly sessions: ConsoleSessions;
  readonly tools: ConsoleTools;
  overview(signal: AbortSignal): Promise<Overview>;
  /** Returns what was asked in the last hour and the last day. */
  traffic(): TrafficHistory;
  /** Resolves to what `doctor` would find; to what was found a moment ago unless it checks again. */
  check(isAgain: boolean): Promise<Checks>;
  /** Puts a change into the log. */
  note(change: Omit<ConsoleObservation, 'type'>): void;
}

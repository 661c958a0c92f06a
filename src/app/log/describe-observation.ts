import type { Facts } from '../../base/facts.ts';
import type {
  EndedRequest,
  Observation,
  ObservedFailure,
  ReplacementReason,
} from '../../base/observation.ts';
import { isConsoleLook } from '../../base/outcome.ts';
import { CLIENT_GONE } from '../../http/requests/request-record.ts';
import type { LogLine } from './format-for-people.ts';

/** The log line for an observation. */
export type Description = Pick<LogLine, 'level' | 'message' | 'fields'>;

type Describe<Type extends Observation['type']> = (
  observation: Extract<Observation, { readonly type: Type }>,
) => Description | undefined;

/** Returns the log line for an observation; undefined for one that is not logged. */
export function describeObservation(observation: Observation): Description | undefined {
  return (DESCRIPTIONS[observation.type] as (observation: Observation) => Description | undefined)(
    observation,
  );
}

const leaveOut = () => undefined;

const DESCRIPTIONS: { readonly [Type in Observation['type']]: Describe<Type> } = {
  'request-begin': leaveOut,
  'first-output': leaveOut,
  'caller-known': leaveOut,
  'model-asked': leaveOut,
  'model-known': leaveOut,
  'request-end': ({ status, request }) =>
    describeRequest('request', { status }, request, levelOfRequest(status, request)),
  'response-end': ({ outcome, request }) => describeRequest('response', { outcome }, request, 'info'),
  'further-failure': ({ id, failure }) => describeFailure('a failure after the first', { id }, failure),
  'request-unreadable': ({ id, status, failure }) =>
    warn('unreadable request', { id, status, ...fieldsOf(failure) }),
  'connection-broken': ({ problem }) => line('debug', 'connection', { problem }),
  'socket-message-refused': ({ id, failure }) =>
    describeFailure('websocket message refused', { id }, failure),
  'socket-dropped': ({ id, failure }) => describeFailure('websocket ended', { id }, failure),
  'turn-queued': leaveOut,
  'turn-admitted': leaveOut,
  'turns-changed': leaveOut,
  'turn-settled': ({ model, ms }) => line('debug', 'turn', { model, ms }),
  'image-refused': ({ reason }) => line('info', 'image not fetched', { reason }),
  'app-server-start': leaveOut,
  'app-server-ready': leaveOut,
  'app-server-end': ({ code, signal, delayMs }) =>
    error('codex app-server ended, starting it again', { code, signal, ...waitOf(delayMs) }),
  'app-server-start-failed': ({ problem, delayMs }) =>
    error('codex app-server did not start', { problem, ...waitOf(delayMs) }),
  'turn-run-again': () => line('info', 'the turn had not begun when codex app-server ended, and runs again'),
  'app-server-hangs': () => error('codex app-server does not answer, ending it'),
  'app-server-garbage': ({ problem }) => warn('app-server sent garbage', { problem }),
  'app-server-replaced': ({ reason }) => line('info', REPLACED[reason]),
  'app-server-replacement-failed': ({ reason, problem }) => error(NOT_REPLACED[reason], { problem }),
  'app-server-refresh-failed': ({ problem }) =>
    warn('codex app-server could not be started again', { problem }),
  'app-server-outgrown': ({ part, bytes, limitBytes }) => line('info', OUTGROWN[part], { bytes, limitBytes }),
  'app-server-cleanup-failed': ({ problem }) =>
    warn('an earlier app-server could not be closed', { problem }),
  'codex-home-lost': () => error(HOME_LOST),
  'codex-log-grows': ({ problem }) => warn('the log database of codex app-server will grow', { problem }),
  'system-config-leak': ({ key }) => warn("the machine's Codex set-up reaches turns", { key }),
  'websocket-failed': ({ status, isLast }) =>
    warn(
      isLast
        ? 'the WebSocket to the provider failed, Codex uses HTTP from now on'
        : 'the WebSocket to the provider failed, Codex used HTTP',
      { providerStatus: status },
    ),
  'foreign-instructions': ({ count }) => error('codex would add instructions of its own', { count }),
  'foreign-provider': ({ modelProvider }) =>
    error("the machine's Codex set-up sends turns to another provider", { modelProvider }),
  'server-request-refused': ({ method }) => warn('app-server request refused', { method }),
  'notification-unreadable': ({ method }) => warn('unreadable notification', { method }),
  'rpc-failed': ({ method, failure, code }) => warn('app-server request failed', { method, failure, code }),
  'answer-usage': leaveOut,
  'turn-end': leaveOut,
  'store-call': leaveOut,
  'store-slow': ({ method, ms }) => warn('the store is slow', { method, ms }),
  'tool-failed': ({ tool, request, problem }) => error('an internal tool failed', { tool, request, problem }),
  'tool-failure-traced': ({ tool, request, stack }) =>
    line('debug', 'where an internal tool failed', { tool, request, stack }),
  'tool-call-unwritten': ({ tool, problem }) =>
    error('a call of an internal tool is missing from the audit', { tool, problem }),
  'session-tools-missing': ({ end }) =>
    warn("codex has not connected to the gateway's tools, an agent session works without them", { end }),
  'session-turn-broken': ({ problem }) => error('a turn of an agent session failed', { problem }),
  // The line of the request or background response that needed the store has the failure.
  'store-failed': leaveOut,
  'copilot-token-unsaved': ({ problem }) =>
    warn("the token file cannot be written, Copilot's new token is kept in memory only", { problem }),
  'copilot-rate-limited': ({ waitMs, attempt }) =>
    line('info', 'GitHub Copilot is rate limited, trying again after a wait', { waitMs, attempt }),
  'copilot-body-changed': ({ removed }) =>
    line('info', 'taken out of a request to GitHub Copilot', { removed: removed.join(', ') }),
  'copilot-models-kept': ({ problem }) =>
    warn("Copilot's list of models cannot be read again, the earlier one is used", { problem }),
  'copilot-diagnostics-lost': ({ problem }) =>
    warn('the file of copilot.diagnostics cannot be written, lines of it are lost', { problem }),
  'codex-models-unread': ({ problem }) =>
    warn("Codex's prompts cannot be read, the list of Copilot's models is without them", { problem }),
  'gateway-ready': leaveOut,
  'token-unreadable': ({ name, problem }) =>
    error('a named token cannot be read, what was read before holds', { token: name, problem }),
  'token-turns-unheld': ({ name, turns, setting, most }) =>
    warn('the limit of turns of a named token is above what the settings let it have', {
      token: name,
      turns,
      setting,
      most,
    }),
  'gateway-unannounced': ({ problem }) => warn('other commands will not find this gateway', { problem }),
  'gateway-exposed': ({ host }) =>
    warn('other machines can reach this gateway, by plain HTTP unless a proxy adds TLS', { host }),
  'address-taken': ({ address }) =>
    warn(
      `another program listens on ${address}, and a client that calls localhost may reach that one; use 127.0.0.1, or another port`,
    ),
  'files-readable': ({ what }) => warn(`others on this machine can read the ${what}; run chmod go-rwx on it`),
  'console-changed': ({ what, by, name }) => line('info', CHANGED[what], { by, name }),
  'shutdown-begin': leaveOut,
  'shutdown-end': leaveOut,
  'exception-uncaught': ({ problem, place }) =>
    error('the gateway ends because of an uncaught exception', { problem, place }),
  'rejection-unhandled': ({ error: name, code, location }) =>
    error('unhandled promise rejection; please report it', { error: name, code, place: location }),
};

const CHANGED = {
  'link-made': 'a link was made that signs a browser in to the console',
  'key-added': 'a key was added in the console',
  'key-revoked': 'a key was revoked in the console',
  'setting-changed': 'a setting was changed in the console',
  'models-changed': 'the models of the config file were changed in the console',
} as const;

const OUTGROWN = {
  memoryBytes: 'codex app-server takes too much memory, another one takes over',
  logBytes: 'the log database of codex app-server has grown too large, another one takes over',
} as const;

/** Returns the wait before the next start, if there is one. */
function waitOf(delayMs: number): Facts {
  return delayMs > 0 ? { waitMs: delayMs } : {};
}

const REPLACED: Readonly<Record<ReplacementReason | 'outgrown', string>> = {
  changed: "Codex's login or set-up has changed, a new app-server takes over",
  'home-lost': 'a new app-server takes over in a new home',
  outgrown: 'a new app-server takes over from one that has grown too large',
};

const NOT_REPLACED: Readonly<Record<ReplacementReason, string>> = {
  changed: 'codex app-server did not start with the changed set-up',
  'home-lost': 'codex app-server did not start in a new home',
};

const HOME_LOST =
  "the state folder was removed, or Codex's home in it: starting an app-server in a new one; " +
  'restart the gateway so that other commands find it again';

function line(level: Description['level'], message: string, fields: Facts = {}): Description {
  return { level, message, fields };
}

function warn(message: string, fields?: Facts): Description {
  return line('warn', message, fields);
}

function error(message: string, fields?: Facts): Description {
  return line('error', message, fields);
}

/** Returns the level of a request that has not failed. The console sends many by which it only shows itself. */
function levelOfRequest(status: number, request: EndedRequest): Description['level'] {
  if (isRefusal(status)) return 'warn';
  return isConsoleLook(request) ? 'debug' : 'info';
}

function describeRequest(
  message: string,
  end: Facts,
  {
    route: _route,
    outcome: _outcome,
    isOfPage: _isOfPage,
    usage,
    client,
    ms,
    ignored,
    adjusted,
    failure,
    ...facts
  }: EndedRequest,
  level: Description['level'],
): Description {
  return line(failure ? levelOf(failure) : level, message, {
    ...facts,
    ...(usage && {
      inputTokens: usage.inputTokens,
      cachedTokens: usage.cachedInputTokens,
      outputTokens: usage.outputTokens,
      estimated: usage.estimated,
    }),
    ...end,
    client,
    ms,
    ignored: joinPaths(ignored),
    adjusted: joinPaths(adjusted),
    ...fieldsOf(failure),
  });
}

function describeFailure(message: string, fields: Facts, failure: ObservedFailure): Description {
  return line(levelOf(failure), message, { ...fields, ...fieldsOf(failure) });
}

function levelOf({ isOwn }: ObservedFailure): 'warn' | 'error' {
  return isOwn ? 'error' : 'warn';
}

function fieldsOf(failure: ObservedFailure | undefined): Facts {
  if (failure === undefined) return {};
  return { code: failure.code, param: failure.param, problem: failure.problem, ...failure.facts };
}

/** Returns true for a status that deserves a warning; a client that disconnects early does not. */
function isRefusal(status: number): boolean {
  return status >= 400 && status !== CLIENT_GONE;
}

/** Maximum number of paths in a line. */
const MAX_PATHS = 20;

function joinPaths(paths: readonly string[]): string | undefined {
  const distinct = [...new Set(paths)];
  if (distinct.length === 0) return undefined;
  const more = distinct.length > MAX_PATHS ? `, and ${distinct.length - MAX_PATHS} more` : '';
  return `${distinct.slice(0, MAX_PATHS).join(', ')}${more}`;
}

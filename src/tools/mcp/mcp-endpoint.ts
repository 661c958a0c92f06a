import { createMcpHandler, isLegacyRequest, type AuthInfo } from '@modelcontextprotocol/server';
import { withTimeout } from '../../base/async/with-timeout.ts';
import type { ToolCaller } from '../tool.ts';
import { isRecord, type McpAnswer, type McpExchange } from './mcp-exchange.ts';
import { createToolServer, type ServerParts } from './mcp-server.ts';
import { createOpenQuestions } from './open-questions.ts';
import type { PresenceTimes } from './presence.ts';
import { createRunningCalls } from './running-calls.ts';
import { answerInSessions } from './session-requests.ts';
import { createSessionTable, type SessionBounds } from './session-table.ts';

/** The Model Context Protocol over streamable HTTP. */
export interface McpEndpoint {
  handle(exchange: McpExchange): Promise<McpAnswer>;
  /** Ends the sessions of a key that does not hold any more, and answers their calls with the error, if there is one. */
  endSessionsOf(callerId: string, error?: unknown): Promise<void>;
  /** Ends what only waits, so that the gateway can stop: streams on which clients listen, and questions. */
  leave(): void;
  /** Ends everything, and resolves when no call runs any more. */
  close(): Promise<void>;
}

export type McpEndpointOptions = Pick<ServerParts, 'service' | 'version' | 'describeError'> &
  Partial<PresenceTimes & SessionBounds>;

/** Codex opens a session for each of its threads, and so do editors for their windows. */
const BOUNDS: SessionBounds = { perKey: 100, total: 1_000 };

/** A client that loses its connection can be back after `goneMs`, and one that is unused keeps its session for `idleMs`. */
const TIMES: PresenceTimes = { goneMs: 2_000, idleMs: 30 * 60_000 };

/** Maximum number of streams on which clients of 2026-07-28 wait for changes, which never come. */
const MAX_SUBSCRIPTIONS = 200;

/** Time for calls that were cancelled to end what they have started. */
const SETTLE_MS = 5_000;

/** Serves clients of the older protocol in sessions, and those of 2026-07-28 request by request. */
export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { service, version, describeError } = options;
  const leaving = new AbortController();
  const questions = createOpenQuestions();
  const parts: ServerParts = { service, version, describeError, questions, leaving: leaving.signal };
  const table = createSessionTable({ ...BOUNDS, ...options });
  const handleLegacy = answerInSessions({ table, session: { ...parts, ...TIMES, ...options } });
  const modernCalls = createRunningCalls();
  const modern = createMcpHandler(
    ({ authInfo }) =>
      createToolServer({ ...parts, caller: callerOf(authInfo), isModern: true, calls: modernCalls }),
    { legacy: 'reject', maxSubscriptions: MAX_SUBSCRIPTIONS },
  );

  async function handleModern({ request, body, caller }: McpExchange): Promise<McpAnswer> {
    const authInfo = { token: '', clientId: caller.id, scopes: [], extra: { caller } };
    const waits = isRecord(body) && body.method === 'subscriptions/listen';
    const signal = waits ? AbortSignal.any([request.signal, leaving.signal]) : request.signal;
    const response = await modern.fetch(new Request(request, { signal }), { parsedBody: body, authInfo });
    return { response, release: () => {} };
  }

  return {
    async handle(exchange) {
      const isLegacy = await isLegacyRequest(exchange.request, exchange.body);
      return isLegacy ? await handleLegacy(exchange) : await handleModern(exchange);
    },
    async endSessionsOf(callerId, error) {
      const own = table.all().filter((session) => session.callerId === callerId);
      await Promise.all(own.map((session) => session.end(error)));
    },
    leave() {
      leaving.abort();
      for (const session of table.all()) session.stopListening();
    },
    async close() {
      leaving.abort();
      const sessions = table.all();
      const settled = Promise.all([modernCalls, ...sessions].map((of) => of.settled()));
      await Promise.all([modern.close(), ...sessions.map((session) => session.end())]);
      await withTimeout(settled, SETTLE_MS);
    },
  };
}

function callerOf(authInfo: AuthInfo | undefined): ToolCaller {
  return authInfo!.extra!.caller as ToolCaller;
}

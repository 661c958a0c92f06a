import { WebStandardStreamableHTTPServerTransport, type Transport } from '@modelcontextprotocol/server';
import { ClientGoneError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { ToolCaller } from '../tool.ts';
import { createToolServer, type ServerParts } from './mcp-server.ts';
import { createPresence, type PresenceTimes } from './presence.ts';
import { createRunningCalls, type RunningCalls } from './running-calls.ts';

/** A client of the protocol before 2026-07-28, from its `initialize` to its end. */
export interface McpSession {
  readonly id: string;
  readonly callerId: string;
  /** True once the client has introduced itself. */
  readonly hasBegun: boolean;
  /** True if the client neither waits for anything nor has a connection open. */
  readonly isIdle: boolean;
  handle(request: Request, body: unknown): Promise<Response>;
  /** Counts a connection; returns a function that ends it. */
  hold(): () => void;
  /** Closes the stream on which the client only listens. */
  stopListening(): void;
  /** Cancels its calls and closes its streams; the calls are answered with the error, if there is one. */
  end(error?: unknown): Promise<void>;
  /** Resolves when none of its calls runs any more. */
  settled(): Promise<void>;
}

export interface McpSessionOptions extends ServerParts, PresenceTimes {
  readonly caller: ToolCaller;
  onEnd(id: string): void;
}

/** The code that servers of the protocol use for what has no other. */
const SERVER_ERROR = -32_000;

export function createMcpSession(options: McpSessionOptions): McpSession {
  const { caller, onEnd, describeError } = options;
  const id = createId('mcp_');
  const calls = createRunningCalls();
  /** True once several calls came in one request, which share its stream. */
  let hasBatches = false;

  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
  const server = createToolServer({
    ...options,
    isModern: false,
    calls,
    onCancelled(call) {
      if (!hasBatches) transport.closeSSEStream(call);
    },
  });
  const connected = server.connect(transport);
  const presence = createPresence(options, {
    // Without its connection, the client cannot get an answer any more.
    onGone: () => calls.abortAll(new ClientGoneError()),
    onIdle: () => void end(),
  });

  async function end(error?: unknown): Promise<void> {
    await connected;
    if (error !== undefined) await refuseCalls(calls.ids, transport, describeError(error));
    await server.close();
  }

  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- Servers have only this.
  server.onclose = () => {
    presence.stop();
    calls.abortAll(new ClientGoneError('the session has ended'));
    onEnd(id);
  };

  return {
    id,
    callerId: caller.id,
    get hasBegun() {
      return transport.sessionId !== undefined;
    },
    get isIdle() {
      return !presence.isConnected && calls.count === 0;
    },
    async handle(request, body) {
      hasBatches ||= Array.isArray(body) && body.length > 1;
      await connected;
      return await transport.handleRequest(request, { parsedBody: body });
    },
    hold: presence.hold,
    stopListening: () => transport.closeStandaloneSSEStream(),
    end,
    settled: calls.settled,
  };
}

/** Answers calls with an error: their client would wait for the answer although the stream has ended. */
async function refuseCalls(
  ids: RunningCalls['ids'],
  transport: Pick<Transport, 'send'>,
  problem: object,
): Promise<void> {
  const { detail: message } = problem as { readonly detail: string };
  const error = { code: SERVER_ERROR, message, data: problem };
  await Promise.allSettled(ids.map((id) => transport.send({ jsonrpc: '2.0', id, error })));
}

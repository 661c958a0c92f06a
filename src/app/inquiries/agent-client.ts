import { StartupError } from '../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { followStream, type SentEvent } from './follow-stream.ts';
import type { Address } from './with-gateway.ts';

/** The choices with which a session is created; the gateway makes the others. */
export interface AgentChoices {
  readonly workspace_root?: string;
  readonly review?: string;
  readonly tools?: boolean;
  readonly model?: string;
}

/** A session of a gateway, over its HTTP routes. Everything rejects with a `StartupError` that has the gateway's own words. */
export interface AgentClient {
  /** The session as the gateway describes it. */
  readonly session: JsonObject;
  /**
   * Sends a message, and yields the events of the session from its beginning. A connection that breaks is taken up again.
   */
  run(message: string): AsyncGenerator<SentEvent>;
  answer(requestId: string, answer: object): Promise<void>;
  interrupt(): Promise<void>;
  /** Returns the session as it is now. */
  read(): Promise<JsonObject>;
}

/** A refusal of the gateway. */
export class RefusedError extends StartupError {
  readonly status: number;
  /** False for a refusal by the checks that come before all routes, such as that of the token. */
  readonly isOfRoute: boolean;

  constructor(status: number, body: unknown) {
    super(describeRefusal(body, status));
    this.status = status;
    this.isOfRoute = isJsonObject(body) && body.ok === false;
  }
}

/** Creates a session. Rejects with a `RefusedError` if the gateway has no sessions, or does not allow this one. */
export async function createAgentSession(
  address: Address,
  choices: AgentChoices,
  signal: AbortSignal,
): Promise<AgentClient> {
  const call = async (path: string, init: RequestInit = {}) => await send(address, path, { signal, ...init });
  const post = async (path: string, body: object) =>
    await readSession(await call(path, { method: 'POST', body: JSON.stringify(body) }));
  const session = await post('/chat/sessions', choices);
  const path = `/chat/sessions/${String(session.id)}`;
  const open = async (lastId: number) =>
    await call(`${path}/stream?events=delta`, { headers: { 'last-event-id': String(lastId) } });

  return {
    session,
    async *run(message) {
      // The stream is open before there is anything to miss.
      const first = await open(0);
      await post(`${path}/messages`, { message });
      yield* followStream(first, open, signal);
    },
    async answer(requestId, answer) {
      await post(`${path}/approvals`, { request_id: requestId, ...answer });
    },
    async interrupt() {
      await post(`${path}/interrupt`, {});
    },
    read: async () => await readSession(await call(path)),
  };
}

async function send({ origin, token }: Address, path: string, init: RequestInit): Promise<Response> {
  const { headers, ...rest } = init;
  const response = await fetch(`${origin}${path}`, {
    ...rest,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(headers as Record<string, string> | undefined),
    },
  });
  if (response.ok) return response;
  const refusal: unknown = await response.json().catch(() => undefined);
  throw new RefusedError(response.status, refusal);
}

async function readSession(response: Response): Promise<JsonObject> {
  const body: unknown = await response.json();
  return isJsonObject(body) && isJsonObject(body.session) ? body.session : {};
}

/** Returns the message of an error of these routes, or of one of the checks before them. */
function describeRefusal(body: unknown, status: number): string {
  const error = isJsonObject(body) ? body.error : undefined;
  const message = isJsonObject(error) ? error.message : error;
  return typeof message === 'string' ? message : `The gateway answered with HTTP ${status}.`;
}

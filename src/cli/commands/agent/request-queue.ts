import type { JsonObject } from '../../../base/json.ts';

/** The requests of an agent that wait for an answer of this command. */
export interface RequestQueue {
  /** Adds one; those that wait are answered one after the other. */
  add(approval: JsonObject): void;
  /** Tells that one has been decided; resolves to true if this command has done it. */
  settle(requestId: string): boolean;
  /** Forgets those that wait. */
  close(): void;
}

interface RequestHandler {
  /** Asks about a request; must not reject. Its signal aborts if somebody else has decided. */
  ask(approval: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  /** Sends the answer; must not reject. */
  send(approval: JsonObject, answer: JsonObject): Promise<void>;
}

export function createRequestQueue({ ask, send }: RequestHandler): RequestQueue {
  const waiting: JsonObject[] = [];
  const known = new Set<string>();
  let current: { readonly id: string; readonly stop: AbortController; isSent: boolean } | undefined;

  async function work(): Promise<void> {
    while (current === undefined && waiting.length > 0) {
      const approval = waiting.shift()!;
      const asked = { id: idOf(approval), stop: new AbortController(), isSent: false };
      current = asked;
      const answer = await ask(approval, asked.stop.signal);
      if (!asked.stop.signal.aborted) {
        asked.isSent = true;
        await send(approval, answer);
      }
      current = undefined;
    }
  }

  return {
    add(approval) {
      // One is shown again after events were missed.
      if (known.has(idOf(approval))) return;
      known.add(idOf(approval));
      waiting.push(approval);
      void work();
    },
    settle(requestId) {
      const index = waiting.findIndex((approval) => idOf(approval) === requestId);
      if (index !== -1) waiting.splice(index, 1);
      // The decision can be heard before the answer to what was sent.
      const isAsked = current?.id === requestId && !current.isSent;
      if (isAsked) current?.stop.abort();
      return known.has(requestId) && index === -1 && !isAsked;
    },
    close() {
      waiting.length = 0;
      current?.stop.abort();
    },
  };
}

function idOf({ request_id: id }: JsonObject): string {
  return String(id);
}

import { GatewayError } from '../../base/errors.ts';
import type { AnyTool, Assistant } from '../tool.ts';
import { IDEMPOTENCY_KEY } from './describe-tools.ts';

/** Returns the assistant behind a client, by the name with which the client introduces itself. */
export function assistantOf(clientName: string | undefined): Assistant {
  if (clientName === undefined) return 'script';
  if (/^codex\b/i.test(clientName)) return 'codex';
  // Copilot in VS Code introduces itself by the name of the editor.
  return /copilot|visual studio code/i.test(clientName) ? 'copilot' : 'script';
}

/** Facts that Codex sends beside the arguments of a call. */
export interface CodexCall {
  readonly threadId: string;
  readonly turnId: string;
  readonly callId: string;
}

/** Reads the facts of a call of Codex; each that is missing or odd is empty. */
export function readCodexCall(meta: Readonly<Record<string, unknown>> | undefined): CodexCall {
  const turn = asObject(meta?.['x-codex-turn-metadata']);
  return {
    threadId: plainId(turn.thread_id ?? meta?.threadId),
    turnId: plainId(turn.turn_id),
    callId: plainId(meta?.callId),
  };
}

/** Reads an object, which may come as its JSON. */
function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'string') {
    try {
      return asObject(JSON.parse(value));
    } catch {
      return {};
    }
  }
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

function plainId(value: unknown): string {
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : '';
}

/** The arguments of a call, and the key that makes a repetition safe. */
interface KeyedArguments {
  readonly rest: unknown;
  readonly key: string | undefined;
  /** Set for a key that cannot be used. */
  readonly fault?: GatewayError;
}

/**
 * Takes the idempotency key out of the arguments. A call of Codex without one gets the id that Codex has given to it: a repetition
 * has the same.
 */
export function takeIdempotencyKey(
  tool: AnyTool,
  given: unknown,
  codex: CodexCall | undefined,
): KeyedArguments {
  if (tool.gate === undefined) return { rest: given, key: undefined };
  const own = codex?.threadId && codex.callId ? `codex:${codex.threadId}:${codex.callId}` : undefined;
  if (given === null || typeof given !== 'object' || !(IDEMPOTENCY_KEY in given))
    return { rest: given, key: own };
  const { [IDEMPOTENCY_KEY]: key, ...rest } = given as Record<string, unknown>;
  if (typeof key === 'string' && key !== '') return { rest, key };
  const problem = `'${IDEMPOTENCY_KEY}': expected a text of 1 to 255 characters.`;
  return {
    rest,
    key: undefined,
    fault: new GatewayError('invalid_value', problem, { param: IDEMPOTENCY_KEY }),
  };
}

import type { ToolCaller } from '../tool.ts';

/** A request as it arrives over HTTP. */
export interface McpExchange {
  /** Its signal aborts when the client has gone, or must not be answered any more. */
  readonly request: Request;
  /** The body of the request, parsed. */
  readonly body: unknown;
  readonly caller: ToolCaller;
}

export interface McpAnswer {
  readonly response: Response;
  /** Has to be called when the connection of the request has ended. */
  release(): void;
}

/** Returns true for an object of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

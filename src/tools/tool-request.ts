import type { AnyTool, Assistant, ToolCaller, ToolProgress } from './tool.ts';

/** A call, over whichever protocol it came. */
export interface ToolRequest {
  readonly tool: AnyTool;
  /** The fields of the tool alone, without the idempotency key. */
  readonly arguments: unknown;
  readonly caller: ToolCaller;
  readonly assistant: Assistant;
  readonly requestId: string;
  /** The turn of Codex in which the call was made. */
  readonly turn?: { readonly threadId: string; readonly turnId: string } | undefined;
  /** As the client has sent it, with or without quotation marks. */
  readonly idempotencyKey?: string | undefined;
  readonly signal: AbortSignal;
  report?(progress: ToolProgress): void;
}

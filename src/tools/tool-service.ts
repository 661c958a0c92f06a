import type { z } from 'zod';
import { GatewayError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { argumentError } from './gates/argument-error.ts';
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

/** A call whose arguments are known to be right and allowed. */
export interface PreparedCall {
  /** The question that a person has to answer with yes before the call changes anything; undefined for a call that changes nothing. */
  readonly question: string | undefined;
  /** True if the arguments themselves confirm it. */
  readonly isConfirmed: boolean;
  /**
   * Resolves to the tool's output. Rejects with a `GatewayError`. A call that is not confirmed has to be run as well, which
   * refuses it and writes that down.
   */
  run(isConfirmed: boolean): Promise<JsonObject>;
}

/** A tool that is off, because the configuration lacks what it needs. */
export interface MissingTool {
  readonly name: string;
  /** Path below `/tools/v1`. */
  readonly path: string;
  /** The key of the configuration that switches it on. */
  readonly key: string;
}

/** The tools, with everything that every call has to pass. */
export interface ToolService {
  readonly tools: readonly AnyTool[];
  /** Returns a sentence that says what switches a tool on, by its name, or by its path below `/tools/v1`; undefined if there is none. */
  explainMissing(nameOrPath: string): string | undefined;
  /** Rejects with a `GatewayError` for a call that cannot be made; that is written into the audit. */
  prepare(request: ToolRequest): Promise<PreparedCall>;
}

export interface ToolServiceOptions {
  readonly tools: readonly AnyTool[];
  readonly missing?: readonly MissingTool[];
}

export function createToolService({ tools, missing = [] }: ToolServiceOptions): ToolService {
  return {
    tools,
    explainMissing(nameOrPath) {
      const found = missing.find(({ name, path }) => name === nameOrPath || path === nameOrPath);
      return found && `The tool ${found.name} is off; '${found.key}' in the config file switches it on.`;
    },
    async prepare(request) {
      const { tool } = request;
      const input = parseInput(tool, request.arguments);
      await tool.check?.(input);
      const { gate } = tool;
      const isReal = gate !== undefined && !gate.isDryRun(input);
      return {
        question: isReal ? gate.ask(input) : undefined,
        isConfirmed: isReal && gate.isConfirmed(input),
        async run(isConfirmed) {
          if (isReal && !isConfirmed) {
            throw new GatewayError('confirmation_required', 'confirm=true is required when dry_run=false');
          }
          const { caller, assistant, requestId, signal, report = () => {} } = request;
          return tool.output.parse(
            await tool.run(input, {
              caller,
              assistant,
              requestId,
              signal,
              isTakenUp: false,
              report,
            }),
          );
        },
      };
    },
  };
}

function parseInput({ input }: AnyTool, value: unknown): z.output<typeof input> {
  const result = input.safeParse(value ?? {});
  if (result.success) return result.data;
  throw argumentError(result.error.issues, Object.keys(input.shape));
}

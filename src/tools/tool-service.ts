import type { z } from 'zod';
import { describeIssue } from '../base/describe-issue.ts';
import { GatewayError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { AnyTool, Assistant, ToolCaller, ToolProgress } from './tool.ts';

/** A call, over whichever protocol it came. */
interface ToolRequest {
  readonly tool: AnyTool;
  readonly arguments: unknown;
  readonly caller: ToolCaller;
  readonly assistant: Assistant;
  readonly requestId: string;
  /** The turn of Codex in which the call was made. */
  readonly turn?: { readonly threadId: string; readonly turnId: string } | undefined;
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
  /** Resolves to the tool's output. Rejects with a `GatewayError`. */
  run(isConfirmed: boolean): Promise<JsonObject>;
}

/** The tools, with everything that every call has to pass. */
export interface ToolService {
  readonly tools: readonly AnyTool[];
  /** Returns the key of the configuration that switches a tool on; undefined for a path that no tool has. */
  explainMissing(path: string): string | undefined;
  prepare(request: ToolRequest): Promise<PreparedCall>;
}

export interface ToolServiceOptions {
  readonly tools: readonly AnyTool[];
}

export function createToolService({ tools }: ToolServiceOptions): ToolService {
  return {
    tools,
    explainMissing: () => undefined,
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
  const { param, problem } = describeIssue(result.error.issues[0]);
  throw new GatewayError('invalid_value', `'${param}': ${problem}.`, { param });
}

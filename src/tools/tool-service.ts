import { GatewayError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import { describeCall, auditOutcome } from './audit/audit-entry.ts';
import { createCallRecord, type CallRecordOptions } from './audit/call-record.ts';
import { argumentError } from './gates/argument-error.ts';
import { parseIdempotencyKey } from './gates/idempotency-key.ts';
import { toolError } from './gates/kept-result.ts';
import { readableQuestion } from './gates/readable-question.ts';
import { createRateLimit, type ToolRateOptions } from './gates/rate-limit.ts';
import { performCall, type CheckedCall, type Performing } from './perform-call.ts';
import type { ToolRequest } from './tool-request.ts';
import type { AnyTool } from './tool.ts';

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
  /** Tools that are off. */
  readonly missing: readonly MissingTool[];
  /** Returns a sentence that says what switches a tool on, by its name, or by its path below `/tools/v1`; undefined if there is none. */
  explainMissing(nameOrPath: string): string | undefined;
  /** Rejects with a `GatewayError` for a call that cannot be made; that is written into the audit. */
  prepare(request: ToolRequest): Promise<PreparedCall>;
}

export interface ToolServiceOptions extends CallRecordOptions {
  readonly tools: readonly AnyTool[];
  readonly missing?: readonly MissingTool[];
  readonly rateLimit: ToolRateOptions;
  /** Returns the status with which an error is answered. */
  statusOf(error: unknown): number;
  /** Called with the reason why a tool has failed, which its caller does not see. */
  onFailed(request: ToolRequest, error: unknown): void;
}

export function createToolService(options: ToolServiceOptions): ToolService {
  const { tools, missing = [], rateLimit, statusOf, onFailed } = options;
  const limit = createRateLimit(rateLimit);
  const record = createCallRecord(options);

  async function refuse(request: ToolRequest, input: unknown, startedAt: number, error: unknown) {
    const outcome = auditOutcome({ error }, statusOf, request.signal.aborted);
    const call = { id: '', entry: describeCall(request, input), idempotent: undefined };
    const ms = Math.round(performance.now() - startedAt);
    await record.end({ entry: { ...call.entry, outcome, ms } }, call);
  }

  return {
    tools,
    missing,
    explainMissing(nameOrPath) {
      const found = missing.find(({ name, path }) => name === nameOrPath || path === nameOrPath);
      return found && `The tool ${found.name} is off; '${found.key}' in the config file switches it on.`;
    },
    async prepare(request) {
      const { tool, caller } = request;
      const startedAt = performance.now();
      let input: JsonObject | undefined;
      try {
        limit.enter(caller.id, tool.name);
        const key = parseIdempotencyKey(request.idempotencyKey);
        input = parseInput(tool, request.arguments);
        await tool.check?.(input);
        const checkMs = performance.now() - startedAt;
        return prepareCall({ request, input, key, checkMs }, { record, statusOf, onFailed });
      } catch (thrown) {
        if (!(thrown instanceof GatewayError)) onFailed(request, thrown);
        const error = toolError(thrown, tool.name);
        await refuse(request, input, startedAt, error);
        throw error;
      }
    },
  };
}

function prepareCall(checked: Omit<CheckedCall, 'isReal'>, performing: Performing): PreparedCall {
  const { request, input } = checked;
  const { gate } = request.tool;
  const isReal = gate !== undefined && !gate.isDryRun(input);
  return {
    question: isReal ? readableQuestion(gate.ask(input)) : undefined,
    isConfirmed: isReal && gate.isConfirmed(input),
    run: async (isConfirmed) => await performCall({ ...checked, isReal }, isConfirmed, performing),
  };
}

function parseInput({ input }: AnyTool, value: unknown): JsonObject {
  const result = input.safeParse(value ?? {});
  if (result.success) return result.data as JsonObject;
  throw argumentError(result.error.issues, Object.keys(input.shape));
}

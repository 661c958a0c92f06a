import { describeIssue } from '../base/describe-issue.ts';
import { GatewayError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { CallRecord } from './audit/call-record.ts';
import { describeCall, auditOutcome } from './audit/audit-entry.ts';
import { digestArguments } from './gates/digest-arguments.ts';
import { keepError, restoreResult, toolError } from './gates/kept-result.ts';
import type { Beginning, BegunCall, KeptResult } from './ports.ts';
import type { ToolRequest } from './tool-request.ts';
import type { AnyTool } from './tool.ts';

/** A call that has passed the checks of its arguments. */
export interface CheckedCall {
  readonly request: ToolRequest;
  /** The arguments, with their defaults. */
  readonly input: JsonObject;
  readonly key: string | undefined;
  /** True if it needs a confirmation. */
  readonly isReal: boolean;
  /** Milliseconds that the checks have taken. */
  readonly checkMs: number;
}

export interface Performing {
  readonly record: CallRecord;
  statusOf(error: unknown): number;
  /** Called with the reason why a tool has failed, which its caller does not see. */
  onFailed(request: ToolRequest, error: unknown): void;
}

/** The end of an attempt to make a call. */
interface Attempt {
  /** True if the tool was asked, after the beginning was written down. */
  readonly hasBegun: boolean;
  /** Undefined if it failed. */
  readonly output?: JsonObject;
  readonly failure?: { readonly error: unknown };
}

/** Makes a call, or answers with what was kept of it. Rejects with a `GatewayError`. */
export async function performCall(
  call: CheckedCall,
  isConfirmed: boolean,
  performing: Performing,
): Promise<JsonObject> {
  const { record, statusOf } = performing;
  const { signal } = call.request;
  const startedAt = performance.now();
  const begun = await describeBeginning(call);
  const { hasBegun, output = {}, failure } = await attempt(call, isConfirmed, begun, performing);
  const ms = Math.round(call.checkMs + performance.now() - startedAt);
  const entry = {
    ...begun.entry,
    isChange: hasBegun && begun.entry.isChange,
    ms,
    outcome: auditOutcome(failure, statusOf, signal.aborted),
  };
  const result = isInterrupted(failure, signal) ? undefined : resultOf(output, failure);
  await record.end(hasBegun ? { id: begun.id, entry, result } : { entry }, begun);
  if (failure) throw failure.error;
  return output;
}

async function attempt(
  call: CheckedCall,
  isConfirmed: boolean,
  begun: BegunCall,
  { record, onFailed }: Performing,
): Promise<Attempt> {
  let hasBegun = false;
  try {
    call.request.signal.throwIfAborted();
    if (call.isReal && !isConfirmed) throw confirmationRequired();
    if (!mustBegin(call)) return { hasBegun, output: await work(call, false, onFailed) };
    const beginning = checkBeginning(await record.begin(begun));
    if (beginning.state === 'ended') return { hasBegun, output: restoreResult(beginning.result) };
    hasBegun = true;
    return { hasBegun, output: await work(call, beginning.state === 'taken-up', onFailed) };
  } catch (error) {
    return { hasBegun, failure: { error } };
  }
}

/** Returns true for work that nobody waited for any more: the next call with its key takes it up. */
function isInterrupted(failure: Attempt['failure'], { aborted, reason }: AbortSignal): boolean {
  if (failure === undefined || !aborted) return false;
  return failure.error === reason || !(failure.error instanceof GatewayError);
}

async function describeBeginning(call: CheckedCall): Promise<BegunCall> {
  const { request, input, key } = call;
  const { caller, tool } = request;
  return {
    id: crypto.randomUUID(),
    entry: describeCall(request, input, mayChange(call)),
    idempotent:
      key === undefined
        ? undefined
        : { caller: caller.id, tool: tool.name, key, digest: await digestArguments(input) },
  };
}

/** Returns true for a call that is written down before it does its work: it changes something, or has a key. */
function mustBegin(call: CheckedCall): boolean {
  return call.key !== undefined || mayChange(call);
}

function mayChange({ request: { tool }, isReal }: CheckedCall): boolean {
  return isReal || (tool.gate === undefined && !tool.annotations.readOnlyHint);
}

async function work(
  { request, input }: CheckedCall,
  isTakenUp: boolean,
  onFailed: Performing['onFailed'],
): Promise<JsonObject> {
  const { tool, caller, assistant, requestId, signal, report = () => {} } = request;
  try {
    signal.throwIfAborted();
    const output = await tool.run(input, { caller, assistant, requestId, signal, isTakenUp, report });
    return parseOutput(tool, output);
  } catch (error) {
    if (signal.aborted) throw error;
    if (!(error instanceof GatewayError)) onFailed(request, error);
    throw toolError(error, tool.name);
  }
}

function parseOutput({ output }: AnyTool, value: unknown): JsonObject {
  const result = output.safeParse(value);
  if (result.success) return result.data as JsonObject;
  const { param, problem } = describeIssue(result.error.issues[0]);
  const where = param === '' ? '' : `'${param}': `;
  throw new Error(`its output does not fit its schema: ${where}${problem}`);
}

function resultOf(output: JsonObject, failure: Attempt['failure']): KeptResult {
  return failure ? keepError(failure.error as GatewayError) : { output };
}

function checkBeginning(beginning: Beginning): Beginning {
  if (beginning.state === 'running') {
    const message = 'The first call with this idempotency key still runs; try again when it has ended.';
    throw new GatewayError('call_running', message, { retryAfter: 1 });
  }
  if (beginning.state === 'other-arguments') {
    throw new GatewayError(
      'idempotency_key_reused',
      'This idempotency key was used for a call with other arguments; use a new key for each call.',
    );
  }
  return beginning;
}

function confirmationRequired(): GatewayError {
  return new GatewayError('confirmation_required', 'confirm=true is required when dry_run=false');
}

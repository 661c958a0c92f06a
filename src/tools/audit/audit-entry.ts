import { GatewayError } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import type { AuditEntry } from '../ports.ts';
import type { ToolRequest } from '../tool-request.ts';
import { redactArguments } from './redact-arguments.ts';

/** Describes a call for the audit. `input` are its arguments with their defaults, if they could be read. */
export function describeCall(request: ToolRequest, input: unknown, isChange = false): AuditEntry {
  const { tool, caller, assistant, requestId, turn } = request;
  return {
    time: Date.now(),
    key: caller.name,
    assistant,
    tool: tool.name,
    arguments: redactArguments(input ?? request.arguments ?? {}),
    dryRun: tool.gate !== undefined && isDryRun(request, input),
    isChange,
    requestId,
    threadId: turn?.threadId ?? null,
    turnId: turn?.turnId ?? null,
  };
}

function isDryRun({ tool, arguments: given }: ToolRequest, input: unknown): boolean {
  if (input !== undefined) return tool.gate!.isDryRun(input);
  // In arguments that cannot be read, only a clear `false` counts.
  return !isJsonObject(given) || given.dry_run !== false;
}

/** Stands for a call whose client has left, as in the logs of other servers. */
const CLIENT_GONE = '499';

/** Returns the outcome of a call for the audit: `ok`, or the status of its error. */
export function auditOutcome(
  failure: { readonly error: unknown } | undefined,
  statusOf: (error: unknown) => number,
  isAborted: boolean,
): string {
  if (failure === undefined) return 'ok';
  const { error } = failure;
  return isAborted && !(error instanceof GatewayError) ? CLIENT_GONE : String(statusOf(error));
}

import { GatewayError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { KeptResult } from '../ports.ts';

/** Returns an error of a tool for the caller, who sees no details of one that is not a `GatewayError`. */
export function toolError(error: unknown, tool: string): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal_error', `The tool ${tool} failed.`, { cause: error });
}

/** Returns an error in the form in which it is kept. */
export function keepError({ code, message, detail }: GatewayError): KeptResult {
  const { param, fields, retryAfter } = detail;
  return { error: { code, message, param, fields, retryAfter } };
}

/** Returns the output that was kept. Throws the error that was kept. */
export function restoreResult(result: KeptResult): JsonObject {
  if ('output' in result) return result.output;
  const { code, message, param, fields, retryAfter } = result.error;
  throw new GatewayError(code, message, {
    ...(param !== undefined && { param }),
    ...(fields !== undefined && { fields }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

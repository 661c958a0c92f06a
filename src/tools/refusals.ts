import { GatewayError } from '../base/errors.ts';
import { excerpt } from '../base/excerpt.ts';
import type { AnyTool } from './tool.ts';

/** Maximum number of allowed values that an error lists. */
const MAX_LISTED = 50;

export interface NotAllowed {
  /** Field of the arguments that has the value. */
  readonly field: string;
  /** The kind of thing, such as `repository`. */
  readonly kind: string;
  readonly value: string;
  readonly allowed: readonly string[];
}

/** Returns the error for a value that the configuration does not allow, with the list of those that it does. */
export function notAllowed({ field, kind, value, allowed }: NotAllowed): GatewayError {
  const more = allowed.length > MAX_LISTED ? `, and ${allowed.length - MAX_LISTED} more` : '';
  const list = allowed.length === 0 ? 'none' : `${allowed.slice(0, MAX_LISTED).join(', ')}${more}`;
  const problem = `The ${kind} '${excerpt(value)}' is not allowed. Allowed: ${list}.`;
  return new GatewayError('not_allowed', problem, { param: field, fields: [{ path: [field], problem }] });
}

/** Returns a tool that refuses its calls, so that a fault of the request is in the audit like those of arguments. */
export function refusing(tool: AnyTool, fault: GatewayError): AnyTool {
  return { ...tool, check: () => Promise.reject(fault) };
}

import { GatewayError } from '../../base/errors.ts';

/** A 400 for something of OpenAI's that is not done. */
export function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported_parameter', `Unsupported parameter: '${param}' ${why}.`, { param });
}

import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** A 400 for a value that cannot be; `why` ends the sentence. */
export function invalidValue(param: string, why: string): GatewayError {
  return new GatewayError('invalid_value', `Invalid '${param}': ${why}.`, { param });
}

export function missingParameter(param: string): GatewayError {
  return new GatewayError('missing_parameter', `Missing required parameter: '${param}'.`, { param });
}

/** A 400 for something of OpenAI's that is not done. */
export function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported_parameter', `Unsupported parameter: '${param}' ${why}.`, { param });
}

/** A 400 for a field, in the words that clients know and take for a hint to leave it out; advice may follow. */
export function unsupportedField(path: JsonPath, advice?: string): GatewayError {
  const why = 'is not supported with this model';
  return unsupported(formatPath(path), advice === undefined ? why : `${why}. ${advice.replace(/\.$/, '')}`);
}

/** A 400 for any value of a field but the one by which it can stay. */
export function unsupportedValue(path: JsonPath, value: unknown, only: string): GatewayError {
  const param = formatPath(path);
  const given = typeof value === 'number' || typeof value === 'string' ? excerpt(`${value}`) : 'this value';
  return new GatewayError(
    'unsupported_value',
    `Unsupported value: '${param}' does not support ${given} with this model. ${only}`,
    { param, logMessage: `This value is not supported with this model. ${only}` },
  );
}

export function unknownField(path: JsonPath): GatewayError {
  const param = formatPath(path);
  return new GatewayError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
}

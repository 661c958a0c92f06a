import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** A path in a request, or its text, which items carry. */
type RequestPath = JsonPath | string;

const paramOf = (path: RequestPath) => (typeof path === 'string' ? path : formatPath(path));

/** Creates a 400 for a wrong value; `why` ends the sentence. */
export function invalidValue(path: RequestPath, why: string): GatewayError {
  const param = paramOf(path);
  return new GatewayError('invalid_value', `Invalid '${param}': ${why}.`, { param });
}

export function missingParameter(path: RequestPath): GatewayError {
  const param = paramOf(path);
  return new GatewayError('missing_parameter', `Missing required parameter: '${param}'.`, { param });
}

/** Creates a 400 for a part of OpenAI's API that is not supported; `why` ends the sentence. */
export function unsupported(path: RequestPath, why: string): GatewayError {
  const param = paramOf(path);
  return new GatewayError('unsupported_parameter', `Unsupported parameter: '${param}' ${why}.`, { param });
}

/** Creates a 400 for a field in OpenAI's words, which tell some clients to leave the field out; advice may follow. */
export function unsupportedField(path: RequestPath, advice?: string): GatewayError {
  const why = 'is not supported with this model';
  return unsupported(path, advice === undefined ? why : `${why}. ${advice.replace(/\.$/, '')}`);
}

/** Creates a 400 for a value of a field that supports only other ones, which the sentence `supported` names. */
export function unsupportedValue(path: RequestPath, value: unknown, supported: string): GatewayError {
  const param = paramOf(path);
  const shown = typeof value === 'number' || typeof value === 'string' ? excerpt(`${value}`) : 'this value';
  return new GatewayError(
    'unsupported_value',
    `Unsupported value: '${param}' does not support ${shown} with this model. ${supported}`,
    { param, logMessage: `This value is not supported with this model. ${supported}` },
  );
}

export function unknownField(path: RequestPath): GatewayError {
  const param = paramOf(path);
  return new GatewayError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
}

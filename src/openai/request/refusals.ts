import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** A place in a request: its path, or the text of the path as items carry it. */
type Place = JsonPath | string;

const paramOf = (place: Place) => (typeof place === 'string' ? place : formatPath(place));

/** Creates a 400 for a wrong value; `why` ends the sentence. */
export function invalidValue(place: Place, why: string): GatewayError {
  const param = paramOf(place);
  return new GatewayError('invalid_value', `Invalid '${param}': ${why}.`, { param });
}

export function missingParameter(place: Place): GatewayError {
  const param = paramOf(place);
  return new GatewayError('missing_parameter', `Missing required parameter: '${param}'.`, { param });
}

/** Creates a 400 for a part of OpenAI's API that is not supported; `why` ends the sentence. */
export function unsupported(place: Place, why: string): GatewayError {
  const param = paramOf(place);
  return new GatewayError('unsupported_parameter', `Unsupported parameter: '${param}' ${why}.`, { param });
}

/** Creates a 400 for a field in OpenAI's words, which tell some clients to leave the field out; advice may follow. */
export function unsupportedField(place: Place, advice?: string): GatewayError {
  const why = 'is not supported with this model';
  return unsupported(place, advice === undefined ? why : `${why}. ${advice.replace(/\.$/, '')}`);
}

/** Creates a 400 for a value of a field that supports only other ones, which the sentence `supported` names. */
export function unsupportedValue(place: Place, value: unknown, supported: string): GatewayError {
  const param = paramOf(place);
  const shown = typeof value === 'number' || typeof value === 'string' ? excerpt(`${value}`) : 'this value';
  return new GatewayError(
    'unsupported_value',
    `Unsupported value: '${param}' does not support ${shown} with this model. ${supported}`,
    { param, logMessage: `This value is not supported with this model. ${supported}` },
  );
}

export function unknownField(place: Place): GatewayError {
  const param = paramOf(place);
  return new GatewayError('unknown_parameter', `Unknown parameter: '${param}'.`, { param });
}

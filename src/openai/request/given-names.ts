import { GatewayError } from '../../base/errors.ts';

/**
 * What the caller's body calls the beginning of a path, by what it is called where it is decoded; where one of these is
 * the beginning of another, the longer one comes first.
 */
export type GivenNames = Readonly<Record<string, string>>;

export function givenName(path: string, names: GivenNames): string {
  const known = Object.keys(names).find(
    (name) => path.startsWith(name) && ['', '.', '['].includes(path.charAt(name.length)),
  );
  return known === undefined ? path : `${names[known]}${path.slice(known.length)}`;
}

/** The same error in the words of the caller's body. */
export function inGivenNames(error: unknown, names: GivenNames): unknown {
  if (!(error instanceof GatewayError) || error.detail.param === undefined) return error;
  const { param } = error.detail;
  const given = givenName(param, names);
  const message = error.message.replace(`'${param}'`, () => `'${given}'`);
  return new GatewayError(error.code, message, { ...error.detail, param: given });
}

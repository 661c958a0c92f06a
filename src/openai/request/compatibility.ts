import type { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Adjustment } from '../../conversation/adjustment.ts';
import { givenName, type GivenNames } from './given-names.ts';

/** How a request is met that asks for what cannot be done, and what its caller is told of that. */
export interface Compatibility {
  /** What the caller's body calls a path, as an error or a notice has to tell it. */
  nameOf(path: JsonPath): string;
  /** Leaves a field out and says so; in strict mode the request is refused instead. */
  ignore(path: JsonPath, refusal: () => GatewayError): void;
  /** Does something in another way, and says so. */
  adjust(adjustment: Adjustment): void;
  /** Paths of what was left out; places in a list are written `[]`. */
  readonly ignored: ReadonlySet<string>;
  readonly adjustments: readonly Adjustment[];
}

/** A header does not hold more; a body may bring millions. */
const MAX_NOTICES = 100;

export function createCompatibility(strict: boolean, names: GivenNames = {}): Compatibility {
  const ignored = new Set<string>();
  const adjustments: Adjustment[] = [];
  const nameOf = (path: JsonPath) => givenName(formatPath(path), names);
  return {
    nameOf,
    ignored,
    adjustments,
    ignore(path, refusal) {
      if (strict) throw refusal();
      if (ignored.size < MAX_NOTICES) ignored.add(nameOf(path).replaceAll(/\[\d+\]/g, '[]'));
    },
    adjust(adjustment) {
      if (adjustments.length < MAX_NOTICES) adjustments.push(adjustment);
    },
  };
}

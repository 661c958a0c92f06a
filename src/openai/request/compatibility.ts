import type { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';

/** Everything about a request that its caller is notified of. */
export interface Notices {
  /** Paths of ignored fields; positions in a list are written `[]`. */
  readonly ignored: Iterable<string>;
  readonly adjustments: readonly Adjustment[];
}

/** Decides how to treat what a request asks for and Codex cannot do, and collects the notices about it. */
export interface Compatibility extends Notices {
  /** Ignores a field and lists it among the notices; in strict mode the request is refused instead. */
  ignore(path: JsonPath, refusal: () => GatewayError): void;
  /** Lists a value that is replaced by another one. */
  adjust(adjustment: Adjustment): void;
  readonly ignored: ReadonlySet<string>;
}

/** Maximum number of notices of each kind: a header does not hold more, and a body may bring millions. */
const MAX_NOTICES = 100;

export function createCompatibility(strict: boolean): Compatibility {
  const ignored = new Set<string>();
  const adjustments: Adjustment[] = [];
  return {
    ignored,
    adjustments,
    ignore(path, refusal) {
      if (strict) throw refusal();
      if (ignored.size < MAX_NOTICES) ignored.add(formatPath(path).replaceAll(/\[\d+\]/g, '[]'));
    },
    adjust(adjustment) {
      if (adjustments.length < MAX_NOTICES) adjustments.push(adjustment);
    },
  };
}

import type { JsonObject } from '../base/json.ts';

/**
 * Makes a number within the bounds of a schema; `step` is 1 for integers. Later items of an array get larger
 * numbers.
 */
export function fillNumber(schema: JsonObject, index: number, step?: number): number {
  const multiple = read(schema.multipleOf) ?? step;
  const low = lowest(schema, multiple);
  const high = highest(schema, multiple);
  const wished = (multiple ?? 1) * (index + 1);
  if (multiple === undefined) {
    // The bounds may be exclusive.
    if (wished > low && wished < high) return wished;
    if (Number.isFinite(low) && Number.isFinite(high)) return (low + high) / 2;
    return Number.isFinite(low) ? low + wished : high - wished;
  }
  const bounded = Math.min(Math.max(wished, low + index * multiple), high);
  return Math.round(bounded / multiple) * multiple;
}

function lowest({ minimum, exclusiveMinimum }: JsonObject, multiple: number | undefined): number {
  const open = read(exclusiveMinimum) ?? -Infinity;
  const low = Math.max(read(minimum) ?? -Infinity, open);
  if (multiple === undefined || low === -Infinity) return low;
  const first = Math.ceil(low / multiple) * multiple;
  return first === open ? first + multiple : first;
}

function highest({ maximum, exclusiveMaximum }: JsonObject, multiple: number | undefined): number {
  const open = read(exclusiveMaximum) ?? Infinity;
  const high = Math.min(read(maximum) ?? Infinity, open);
  if (multiple === undefined || high === Infinity) return high;
  const last = Math.floor(high / multiple) * multiple;
  return last === open ? last - multiple : last;
}

function read(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

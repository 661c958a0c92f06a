import type { JsonValue } from '../../../generated/serde_json/JsonValue.js';
import { exactJson } from '../../base/exact-json.ts';

/** Codex refuses an integer of more than 64 bits, which JSON.stringify writes out below 1e21. */
export function isReadable(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isReadable);
  return typeof value !== 'number' || Math.abs(value) < 2 ** 63 || Math.abs(value) >= 1e21;
}

/** The same JSON with an exponent in such numbers, for they are fine so; only to be written. */
export function withExponents(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(withExponents);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withExponents(one)]));
  }
  return (isReadable(value) ? value : exactJson.rawJSON((value as number).toExponential())) as JsonValue;
}

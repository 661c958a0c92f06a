import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { isSecretName, REDACTED_VALUE, redactText } from './redact-secrets.ts';

/** Maximum bytes of arguments as JSON. */
const MAX_BYTES = 8 * 1024;

/** Bytes for marks of what was left out. */
const SPARE_BYTES = 512;

/** Maximum characters of a text that are looked at: more than are kept, so that a secret is not cut before it is found. */
const SEARCHED_CHARACTERS = 4 * MAX_BYTES;

/** Maximum characters of a name. */
const NAME_CHARACTERS = 100;

/** Values nested deeper than this are left out. */
const MAX_DEPTH = 20;

const LEFT_OUT = '…';

/** Bytes that are left for further values. */
interface Budget {
  bytes: number;
}

/** Returns arguments without their secrets, cut to 8 KB as JSON. */
export function redactArguments(value: unknown): JsonObject {
  const budget = { bytes: MAX_BYTES - SPARE_BYTES };
  const shown = redact(value, { budget, isSecret: false, depth: 0 });
  return isJsonObject(shown) ? shown : { value: shown };
}

interface Place {
  readonly budget: Budget;
  /** True below a field whose name stands for a secret. */
  readonly isSecret: boolean;
  readonly depth: number;
}

function redact(value: unknown, place: Place): unknown {
  const { budget, isSecret, depth } = place;
  if (typeof value === 'string') return spend(isSecret ? REDACTED_VALUE : redactStart(value), budget);
  if (typeof value !== 'object' || value === null) {
    budget.bytes -= 8;
    return typeof value === 'bigint' ? String(value) : value;
  }
  budget.bytes -= 2;
  if (depth >= MAX_DEPTH) return spend(LEFT_OUT, budget);
  return Array.isArray(value) ? redactList(value, place) : redactObject(value as JsonObject, place);
}

function redactList(list: readonly unknown[], place: Place): unknown[] {
  const shown: unknown[] = [];
  for (const element of list) {
    if (place.budget.bytes <= 0) return [...shown, LEFT_OUT];
    place.budget.bytes -= 1;
    shown.push(redact(element, { ...place, depth: place.depth + 1 }));
  }
  return shown;
}

function redactObject(object: JsonObject, { budget, isSecret, depth }: Place): JsonObject {
  const shown: [string, unknown][] = [];
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === undefined) continue;
    if (budget.bytes <= 0) {
      shown.push([LEFT_OUT, LEFT_OUT]);
      break;
    }
    budget.bytes -= 2;
    const shownName = spend(redactStart(name).slice(0, NAME_CHARACTERS), budget);
    const inner = {
      budget,
      isSecret: isSecret || isSecretName(name.slice(0, NAME_CHARACTERS)),
      depth: depth + 1,
    };
    shown.push([shownName, redact(value, inner)]);
  }
  // Unlike an assignment, this makes a field also of `__proto__`.
  return Object.fromEntries(shown);
}

function redactStart(text: string): string {
  if (text.length <= SEARCHED_CHARACTERS) return redactText(text);
  // The last word may be the beginning of a secret, which nothing recognizes.
  const start = text.slice(0, SEARCHED_CHARACTERS).replace(/\S{1,500}$/, '');
  return `${redactText(start)}${LEFT_OUT}`;
}

/** Cuts a text to the bytes that are left, and takes what it needs from them. */
function spend(text: string, budget: Budget): string {
  let shown = text.slice(0, MAX_BYTES).toWellFormed();
  while (sizeOf(shown) > budget.bytes && shown.length > 0) {
    // A character has up to six bytes: of a text that is too long, at least the surplus goes.
    const surplus = Math.ceil((sizeOf(shown) - budget.bytes) / 6);
    shown = shown.slice(0, Math.max(0, shown.length - surplus)).toWellFormed();
  }
  budget.bytes -= sizeOf(shown) + 2;
  return shown.length < text.length ? `${shown}${LEFT_OUT}` : shown;
}

function sizeOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

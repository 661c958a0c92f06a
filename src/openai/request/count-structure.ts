import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';

// Long histories of agents, large schemas and lists of numbers stay far below these limits. The cost of decoding grows with
// the number of values and not with their size: text inside strings does not count.

/** Maximum number of values of any kind. */
const MAX_VALUES = 250_000;
/** Maximum number of objects and lists: more messages than fit into a context window of a million tokens. */
const MAX_CONTAINERS = 25_000;
/** Maximum number of keys of all objects. */
const MAX_KEYS = 60_000;
/** Maximum number of keys of one object. */
const MAX_KEYS_OF_ONE = 10_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Throws a `GatewayError` for JSON with more values than an honest request has, before anything is parsed. Expects UTF-8, and
 * leaves malformed JSON to the parser.
 */
export function countStructure(bytes: Uint8Array): void {
  let containers = 0;
  let keys = 0;
  let values = 1;
  let depth = 0;
  /** Position of the last key at the top level, whose value follows. */
  let field: readonly [start: number, end: number] = [0, 0];
  const keysAbove: number[] = [];
  let keysHere = 0;

  const refuse = (count: string, max: number) => tooMany(bytes, field, count, max);
  // If the request itself has too many keys, none of its fields is the cause more than another.
  const refuseObject = () =>
    tooMany(bytes, depth <= 1 ? [0, 0] : field, 'keys in one object', MAX_KEYS_OF_ONE);

  for (let index = 0; index < bytes.length; index += 1) {
    switch (bytes[index]) {
      case QUOTE: {
        const end = endOfString(bytes, index + 1);
        if (depth === 1 && isKey(bytes, end + 1)) field = [index + 1, end];
        index = end;
        break;
      }
      case COMMA:
        values += 1;
        if (values > MAX_VALUES) throw refuse('values', MAX_VALUES);
        break;
      case COLON:
        keys += 1;
        keysHere += 1;
        if (keys > MAX_KEYS) throw refuse('keys', MAX_KEYS);
        if (keysHere > MAX_KEYS_OF_ONE) throw refuseObject();
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        containers += 1;
        values += 1;
        if (containers > MAX_CONTAINERS) throw refuse('objects and lists', MAX_CONTAINERS);
        keysAbove[depth] = keysHere;
        depth += 1;
        keysHere = 0;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth = Math.max(depth - 1, 0);
        keysHere = keysAbove[depth] ?? 0;
        break;
    }
  }
}

/** Returns the position of the quote that ends a string. */
function endOfString(bytes: Uint8Array, start: number): number {
  let index = start;
  while (index < bytes.length && bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index;
}

/** Returns true if a colon follows, after whitespace. */
function isKey(bytes: Uint8Array, start: number): boolean {
  let index = start;
  while (bytes[index]! <= 0x20) index += 1;
  return bytes[index] === COLON;
}

function tooMany(
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  count: string,
  max: number,
): GatewayError {
  const field = excerpt(new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 400))));
  const where = field === '' ? '' : ` The limit was reached in the field '${field}'.`;
  return new GatewayError(
    'invalid_value',
    `The request body has too many ${count}: expected at most ${max}.${where}`,
    field === '' ? {} : { param: field },
  );
}

import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { ResolvedReferences } from '../../conversation/references.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { invalidValue, unsupportedField } from '../request/refusals.ts';
import { isLeftOut } from './foreign-items.ts';
import type { Entry } from './item-reading.ts';
import { itemSchema } from './schema.ts';

/** An item of a request, and what is told of it. */
interface Given {
  readonly kind: string;
  readonly id: string | undefined;
  readonly sealed: boolean;
}

/**
 * Reads the items at `path` of a request: a text is one message; a reference to a stored item is replaced by that item, each
 * of which may be named once.
 */
export function* readEntries(
  input: string | readonly unknown[],
  { history, items }: ResolvedReferences,
  compatibility: Compatibility,
  path: JsonPath = ['input'],
): Steps<Entry[]> {
  const known = new Set(history.map(({ id }) => id));
  const silent = createCompatibility(false);
  const recall = (id: string, place: JsonPath): Entry => {
    const item = items.get(id);
    if (item === undefined) throw itemNotFound(id, path);
    if (known.has(id)) throw invalidValue(formatPath(place), `the item '${excerpt(id)}' is there already`);
    known.add(id);
    return { kind: String(item.type), item, place, compatibility: silent };
  };
  const read = (item: unknown, place: JsonPath): Entry | undefined => {
    const { kind, id, sealed } = readItem(item, place);
    if (kind === 'item_reference') return recall(id ?? '', place);
    if (kind === 'reasoning' && !sealed) {
      if (id !== undefined && isSealed(items.get(id))) return recall(id, place);
      compatibility.ignore(place, () => unsupportedField(place));
      return undefined;
    }
    const entry = { kind, item: item as JsonObject, place, compatibility };
    return isLeftOut(entry) ? undefined : entry;
  };
  if (typeof input === 'string') {
    const item = { type: 'message', role: 'user', content: input };
    return [{ kind: 'message', item, place: path, compatibility }];
  }
  const entries = yield* mapInSteps(input, (item, index) => read(item, [...path, index]));
  return entries.filter((entry) => entry !== undefined);
}

/** What was said before, all of which stands for the field that names it. */
export function* readHistory(history: readonly JsonObject[], field: string): Steps<Entry[]> {
  const compatibility = createCompatibility(false);
  const place = [field];
  const entries = yield* mapInSteps(history, (item) => ({
    ...readItem(item, place),
    item,
    place,
    compatibility,
  }));
  return entries.filter((entry) => (entry.kind !== 'reasoning' || entry.sealed) && !isLeftOut(entry));
}

/** A message may come without `type`, as may a reference. */
export function readItem(item: unknown, place: JsonPath): Given {
  const { type, id, role, encrypted_content: sealed } = decodeValue(itemSchema, item, place);
  const kind = type ?? (typeof id === 'string' && role === undefined ? 'item_reference' : 'message');
  return { kind, id: id ?? undefined, sealed: Boolean(sealed) };
}

function isSealed(item: JsonObject | undefined): boolean {
  return typeof item?.encrypted_content === 'string' && item.encrypted_content !== '';
}

/** In OpenAI's own words, which clients know. */
function itemNotFound(id: string, path: JsonPath): GatewayError {
  const message = `Item with id '${excerpt(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`;
  return new GatewayError('item_not_found', message, { param: formatPath(path) });
}

import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { JsonObject } from '../../base/json.ts';
import type { PassthroughItem } from '../../conversation/item.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { withoutHosted } from '../vocabulary/hosted-tools.ts';
import type { CallLabels } from './call-labels.ts';
import { checkToolType } from './check-tool-type.ts';
import type { PassthroughKind } from './item-handling.ts';
import { ITEM_KINDS, type ItemTypeOf } from './item-kinds.ts';
import type { InputItem } from './read-items.ts';

/**
 * Decodes an item that goes to Codex as it came: without unknown fields and unavailable tools, and with nothing added that
 * Codex does not require.
 */
export function decodePassthroughItem(
  type: ItemTypeOf<'passthrough'>,
  { item, path, compatibility }: InputItem,
  labels: CallLabels,
): PassthroughItem {
  const { schema, fields, defaults, link, idPrefix }: PassthroughKind = ITEM_KINDS[type];
  decodeValue(schema, item, path);
  checkFields(item, fields, path, compatibility);
  const given: JsonObject = { ...defaults, ...mappedFieldsOf(item, fields) };
  const { tools, id, call_id: callId } = given;
  const sent = {
    ...given,
    ...(Array.isArray(tools) && { tools: availableTools(tools, path, compatibility) }),
    ...(typeof id === 'string' && { id: labels.itemId(id, idPrefix, [...path, 'id'], compatibility) }),
  };
  const common = { type: 'passthrough', path: formatPath(path) } as const;
  if (link === undefined || typeof callId !== 'string') return { ...common, item: sent };
  const sentId = labels.id(callId, [...path, 'call_id'], compatibility);
  const linked = { ...common, item: { ...sent, call_id: sentId } };
  return link === 'call' ? { ...linked, callId: sentId } : { ...linked, resultOf: sentId };
}

/** Returns the tools of an item without those that Codex cannot offer. */
function availableTools(tools: readonly unknown[], path: JsonPath, compatibility: Compatibility): unknown[] {
  const toolsPath: JsonPath = [...path, 'tools'];
  return withoutHosted(tools, toolsPath, compatibility).map(([index, tool]) => {
    checkToolType(tool, [...toolsPath, index]);
    return tool;
  });
}

function mappedFieldsOf(item: JsonObject, fields: Fields): JsonObject {
  const sent = Object.entries(item).filter(
    ([key]) => Object.hasOwn(fields, key) && fields[key]!.verdict === 'mapped',
  );
  return Object.fromEntries(sent);
}

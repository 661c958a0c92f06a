import type { z } from 'zod';
import type { JsonPath } from '../../base/json-path.ts';
import type { JsonObject } from '../../base/json.ts';
import type { PassthroughItem } from '../../conversation/item.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { withoutHosted } from '../vocabulary/hosted-tools.ts';
import { checkToolKind } from './check-tool-kinds.ts';
import { NATIVE_FIELDS } from './item-fields.ts';
import { formOf } from './item-form.ts';
import type { DecodeItem, Reading } from './item-reading.ts';
import {
  additionalToolsSchema,
  agentMessageSchema,
  configurationSchema,
  sealedReasoningSchema,
  toolSearchCallSchema,
  toolSearchOutputSchema,
  webSearchSchema,
} from './native-schema.ts';

/** `type` of an item that goes up in the provider's own form. */
export type NativeKind = keyof typeof NATIVE_FIELDS;

interface Form {
  /** What Codex insists on. */
  readonly schema: z.ZodType;
  /** What Codex wants to be there and a client may leave out. */
  readonly defaults?: JsonObject;
  /** Where `call_id` refers to a result, or to a call. */
  readonly link?: 'callId' | 'resultOf';
}

const SEARCH_DEFAULTS = { call_id: null, execution: 'client', status: 'completed' };

const FORMS: Readonly<Record<NativeKind, Form>> = {
  reasoning: { schema: sealedReasoningSchema, defaults: { summary: [] } },
  web_search_call: { schema: webSearchSchema },
  tool_search_call: { schema: toolSearchCallSchema, defaults: SEARCH_DEFAULTS, link: 'callId' },
  tool_search_output: { schema: toolSearchOutputSchema, defaults: SEARCH_DEFAULTS, link: 'resultOf' },
  additional_tools: { schema: additionalToolsSchema },
  agent_message: { schema: agentMessageSchema },
  configuration_update: { schema: configurationSchema },
};

/** An item that goes up as it came: without what has no place in it, and nothing added that Codex does not insist on. */
export function decodeNative(kind: NativeKind): DecodeItem {
  const { schema, defaults, link } = FORMS[kind];
  const fields: Fields = NATIVE_FIELDS[kind];
  return ({ item, place, path, compatibility, conversation: { labels } }: Reading): PassthroughItem[] => {
    decodeValue(schema, item, place);
    checkFields(item, fields, place, compatibility);
    const { id, call_id: givenId } = item as { id?: string | null; call_id?: string | null };
    const sent = { ...defaults, ...sentOf(item, fields) };
    if ('tools' in item) sent.tools = offeredIn(item.tools as readonly unknown[], place, compatibility);
    if (typeof id === 'string' && 'id' in sent)
      sent.id = labels.itemId(id, formOf(kind).prefix, [...place, 'id'], compatibility);
    if (link === undefined || typeof givenId !== 'string') return [{ type: 'passthrough', item: sent, path }];
    const callId = labels.id(givenId, [...place, 'call_id'], compatibility);
    return [{ type: 'passthrough', item: { ...sent, call_id: callId }, [link]: callId, path }];
  };
}

/** Returns the tools of an item without those that cannot be had. */
function offeredIn(tools: readonly unknown[], item: JsonPath, compatibility: Compatibility): unknown[] {
  const place: JsonPath = [...item, 'tools'];
  return withoutHosted(tools, place, compatibility).map(([index, tool]) => {
    checkToolKind(tool, [...place, index]);
    return tool;
  });
}

/** What of an item goes up. */
function sentOf(item: object, fields: Fields): JsonObject {
  const known = Object.entries(item).filter(
    ([key]) => Object.hasOwn(fields, key) && fields[key]!.verdict === 'mapped',
  );
  return Object.fromEntries(known);
}

import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { PassthroughItemEvent } from '../../../conversation/turn-event.ts';

/**
 * A raw item as the provider sent it, without what Codex notes in it for itself. With a `callId` it is a call that the
 * caller has to answer.
 */
export function decodeNativeItem(item: ResponseItem, callId?: string): PassthroughItemEvent {
  const { internal_chat_message_metadata_passthrough: _, ...own } = item as ResponseItem & {
    readonly internal_chat_message_metadata_passthrough?: unknown;
  };
  return callId === undefined
    ? { type: 'passthrough-item', item: own, isCall: false }
    : { type: 'passthrough-item', item: { ...own, call_id: callId }, isCall: true };
}

import type { Conversation, ConversationDeletedResource } from 'openai/resources/conversations/conversations';
import type { ConversationItem, ConversationItemList } from 'openai/resources/conversations/items';
import type { ResponseItemList } from 'openai/resources/responses/input-items';
import type { InputTokenCountResponse } from 'openai/resources/responses/input-tokens';
import type {
  CompactedResponse,
  Response,
  ResponseItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';

/** Data on the wire, as the official client declares it; the JSON Schemas of the tests are generated from this. */
export interface ResponseWire {
  readonly response: Response;
  readonly event: ResponseStreamEvent;
  readonly item: ResponseItem;
  readonly itemList: ResponseItemList;
  readonly compacted: CompactedResponse;
  readonly inputTokens: InputTokenCountResponse;
  readonly conversation: Conversation;
  readonly conversationDeleted: ConversationDeletedResource;
  readonly conversationItem: ConversationItem;
  readonly conversationItemList: ConversationItemList;
}

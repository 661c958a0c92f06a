import { createId } from '../../../base/ids.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Usage } from '../../../conversation/usage.ts';
import { encodeResponseUsage } from './encode-usage.ts';

/** What is known of a compaction before its summary. */
export interface CompactionEnvelope {
  readonly id: string;
  readonly itemId: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

export function createCompactionEnvelope(): CompactionEnvelope {
  return { id: createId('resp_'), itemId: createId('cmp_'), createdAt: Math.floor(Date.now() / 1000) };
}

export interface Compaction {
  readonly envelope: CompactionEnvelope;
  /** The items of the conversation, oldest first. */
  readonly conversation: readonly JsonObject[];
  /** The summary of it, sealed. */
  readonly sealed: string;
  readonly usage: Usage | null;
}

/** A `response.compaction`: what its client sends in place of the conversation from now on. */
export function encodeCompaction({ envelope, conversation, sealed, usage }: Compaction): JsonObject {
  const kept = conversation.filter(isUserMessage);
  return {
    id: envelope.id,
    object: 'response.compaction',
    created_at: envelope.createdAt,
    output: [...kept, { id: envelope.itemId, type: 'compaction', encrypted_content: sealed }],
    ...(usage && { usage: encodeResponseUsage(usage) }),
  };
}

function isUserMessage({ type, role }: JsonObject): boolean {
  return (type ?? 'message') === 'message' && role === 'user';
}

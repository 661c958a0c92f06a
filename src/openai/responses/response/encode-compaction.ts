import { createId } from '../../../base/ids.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Usage } from '../../../conversation/usage.ts';
import { encodeResponseUsage } from './encode-usage.ts';

/** Facts about a compaction that are known before its summary. */
export interface CompactionEnvelope {
  readonly id: string;
  readonly itemId: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
}

export function createCompactionEnvelope(): CompactionEnvelope {
  return { id: createId('resp_'), itemId: createId('cmp_'), createdAt: Math.floor(Date.now() / 1000) };
}

export interface Compaction {
  readonly envelope: CompactionEnvelope;
  /** The items of the conversation, oldest first. */
  readonly conversation: readonly JsonObject[];
  /** The sealed summary of the conversation. */
  readonly sealed: string;
  readonly usage: Usage | null;
}

/** Encodes a `response.compaction`. From now on, its client sends the output instead of the conversation. */
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

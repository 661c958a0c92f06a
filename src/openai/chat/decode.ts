import type { Turn } from '../../conversation/turn.ts';
import { decodeBody, decodeObject } from '../decode-body.ts';
import { decodeMessage } from './decode-message.ts';
import { checkFields, REQUEST_FIELDS, STREAM_OPTIONS_FIELDS } from './fields.ts';
import { chatRequestSchema } from './schema.ts';

/** A chat completion request: what the model is to do, and how the answer is to be written. */
export interface ChatRequest {
  readonly turn: Turn;
  readonly stream: boolean;
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
}

/** Decodes the body of `POST /v1/chat/completions`; throws a `GatewayError` that names the field. */
export function decodeChatRequest(body: unknown): ChatRequest {
  const given = decodeObject(body);
  checkFields(given, REQUEST_FIELDS, '');
  const request = decodeBody(chatRequestSchema, given);
  checkFields(given.stream_options ?? {}, STREAM_OPTIONS_FIELDS, 'stream_options');
  return {
    turn: { model: request.model, items: request.messages.map(decodeMessage) },
    stream: request.stream ?? false,
    includeUsage: request.stream_options?.include_usage ?? false,
  };
}

import { createHash } from 'node:crypto';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { endOfPiece } from '../../../base/end-of-piece.ts';
import { exactJson } from '../../../base/json.ts';
import type { Steps } from '../../../base/async/steps.ts';

/** Identifies an item of a conversation without its text. Two items with equal fingerprints are the same to the provider. */
export interface Fingerprint {
  /** SHA-256 of the item's content. */
  readonly hash: string;
  /** Purpose of an assistant's message; clients of chat completions cannot send it. */
  readonly phase: string | undefined;
  /** True for reasoning, which most clients do not send. */
  readonly isReasoning: boolean;
  /** Characters of its content. */
  readonly characters: number;
}

/** Characters that are hashed in one step. */
const PIECE_CHARACTERS = 256 * 1024;

/** Takes the fingerprint of an item in the form in which the app-server holds it; the item's own id does not count. */
export function* takeFingerprint(item: ResponseItem): Steps<Fingerprint> {
  const hash = createHash('sha256');
  let characters = 0;
  for (const text of contentOf(item)) {
    // The length keeps apart what would otherwise run together.
    hash.update(`${text.length}:`);
    characters += text.length;
    for (let start = 0; start < text.length;) {
      const end = endOfPiece(text, start, PIECE_CHARACTERS);
      hash.update(start === 0 && end === text.length ? text : text.slice(start, end));
      start = end;
      if (start < text.length) yield;
    }
  }
  const phase = item.type === 'message' ? (item.phase ?? undefined) : undefined;
  return { hash: hash.digest('base64'), phase, isReasoning: item.type === 'reasoning', characters };
}

/** Returns everything about an item that reaches the provider. */
function contentOf(item: ResponseItem): string[] {
  switch (item.type) {
    case 'message':
      return [item.type, item.encrypted_content ?? '', item.role, ...item.content.flatMap(partOf)];
    case 'function_call': {
      const { type, call_id: callId, name, namespace = '' } = item;
      return [type, item.encrypted_content ?? '', callId, name, namespace, argumentsOf(item.arguments)];
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const { type, call_id: callId, output } = item;
      return [type, callId ?? '', ...(typeof output === 'string' ? [output] : output.flatMap(partOf))];
    }
    case 'reasoning':
      // The summary is what a client shows; the encrypted content is what the model reads.
      return item.encrypted_content
        ? [item.type, item.encrypted_content]
        : [item.type, '', toCanonicalJson(item)];
    default:
      return [item.type, toCanonicalJson(item)];
  }
}

type Part = Extract<ResponseItem, { type: 'message' }>['content'][number] | ResultPart;
type ResultPart = Exclude<Extract<ResponseItem, { type: 'function_call_output' }>['output'], string>[number];

function partOf(part: Part): string[] {
  switch (part.type) {
    case 'output_text': {
      const annotations = part.annotations ?? [];
      return [part.type, part.text, annotations.length > 0 ? toCanonicalJson(annotations) : ''];
    }
    case 'input_text':
      return [part.type, part.text];
    case 'input_image':
      return [part.type, 'image_url' in part ? part.image_url : toCanonicalJson(part)];
    default:
      return [part.type, toCanonicalJson(part)];
  }
}

/** Returns arguments as canonical JSON, because clients write them anew; arguments that are not JSON stay as they are. */
function argumentsOf(text: string): string {
  try {
    return toCanonicalJson(exactJson.parse(text, keepLargeNumbers));
  } catch {
    return text;
  }
}

/** Keeps the text of a number that would lose digits. */
function keepLargeNumbers(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return source.length < 16 && Number.isFinite(value) ? value : exactJson.rawJSON(source);
}

/** Returns the JSON of a value with the keys of its objects in alphabetical order. */
function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (isPlainObject(one) ? sortKeys(one) : one));
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !exactJson.isRawJSON(value);
}

function sortKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

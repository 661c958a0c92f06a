import type { JsonObject } from '../../base/json.ts';
import type { StoredResponse } from '../../conversation/ports/store.ts';
import { decodeChunks, encodeChunks, type JsonChunks } from '../json-chunks.ts';

/** A response in the form sent by the database's thread. */
export interface PackedResponse extends Omit<StoredResponse, 'body' | 'input' | 'events'> {
  /** Without its output. */
  readonly body: string;
  readonly input: JsonChunks;
  /** Undefined if the body has no output. */
  readonly output: JsonChunks | undefined;
  readonly events: JsonChunks | undefined;
}

/** Brings a response into the form in which the database's thread sends it. */
export function packResponse({ body, input, events, ...response }: StoredResponse): PackedResponse {
  const output = Array.isArray(body.output) ? (body.output as JsonObject[]) : undefined;
  return {
    ...response,
    body: JSON.stringify(output ? { ...body, output: [] } : body),
    input: encodeChunks(input),
    output: output && encodeChunks(output),
    events: events && encodeChunks(events),
  };
}

/** Restores a packed response, without holding up the thread that reads it. */
export async function unpackResponse({
  body,
  input,
  output,
  events,
  ...response
}: PackedResponse): Promise<StoredResponse> {
  const rest = JSON.parse(body) as JsonObject;
  return {
    ...response,
    body: output === undefined ? rest : { ...rest, output: await decodeChunks(output) },
    input: await decodeChunks(input),
    events: events && (await decodeChunks(events)),
  };
}

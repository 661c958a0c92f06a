import { isJsonObject, type JsonObject } from '../../base/json.ts';

/** The part of an answer that a person wants to see. */
export interface ReadAnswer {
  readonly text: string;
  readonly error: { readonly code: string | null; readonly message: string } | null;
}

/** Reads the answer to a chat completion or a response, complete or streamed. */
export function readAnswer(body: string): ReadAnswer {
  const values = isStream(body) ? readEvents(body) : readJson(body);
  const error = values.map(findError).find((found) => found !== null) ?? null;
  return { text: values.map(readText).join(''), error };
}

function isStream(body: string): boolean {
  return /^(?:event|data|id|:)/.test(body.trimStart());
}

function readEvents(body: string): JsonObject[] {
  const lines = body.split('\n').filter((line) => line.startsWith('data:'));
  return lines.flatMap((line) => readJson(line.slice('data:'.length)));
}

function readJson(text: string): JsonObject[] {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? [value] : [];
  } catch {
    return [];
  }
}

/** Finds the error of an answer, or of a streamed event in one. */
function findError({ type, error, response, message, code }: JsonObject): ReadAnswer['error'] {
  const found = [error, isJsonObject(response) ? response.error : undefined].find(isJsonObject);
  const from = found ?? (type === 'error' ? { message, code } : undefined);
  if (from === undefined || typeof from.message !== 'string') return null;
  return { code: typeof from.code === 'string' ? from.code : null, message: from.message };
}

/** Reads the text of an answer, or of a streamed event of one. */
function readText({ type, delta, choices, output }: JsonObject): string {
  if (type === 'response.output_text.delta') return textOf(delta);
  return [...objectsOf(choices).map(readChoice), ...objectsOf(output).flatMap(readItem)].join('');
}

function readChoice({ message, delta }: JsonObject): string {
  const from = [message, delta].find(isJsonObject);
  return textOf(from?.content);
}

function readItem({ content }: JsonObject): string[] {
  return objectsOf(content).map(({ text }) => textOf(text));
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

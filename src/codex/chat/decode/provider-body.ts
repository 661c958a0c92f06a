import { z } from 'zod';
import { excerpt, SCREENFUL } from '../../../base/excerpt.ts';

/** What a provider says beside a status 400: OpenAI's error body, or ChatGPT's `detail`. */
const bodySchema = z.union([
  z.object({
    error: z.object({ message: z.string(), code: z.union([z.string(), z.number()]).nullish() }),
  }),
  z.object({ detail: z.string() }),
]);

export interface ProviderBody {
  readonly message: string;
  readonly code?: string;
}

/** Reads the error body that Codex hands on as a message; undefined where the message is no such body. */
export function parseProviderBody(text: string): ProviderBody | undefined {
  const result = bodySchema.safeParse(parseJson(text));
  if (!result.success) return undefined;
  if ('detail' in result.data) return { message: excerpt(result.data.detail, SCREENFUL) };
  const { message, code } = result.data.error;
  return {
    message: excerpt(message, SCREENFUL),
    ...(code !== null && code !== undefined && { code: excerpt(String(code)) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

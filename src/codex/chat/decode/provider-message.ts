import { z } from 'zod';
import { withoutAddresses, withoutKeys } from '../../../base/clean-message.ts';
import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../../base/excerpt.ts';

/** Error body of a provider: OpenAI's, or ChatGPT's `detail`. */
const bodySchema = z.union([
  z.object({
    error: z.object({ message: z.string(), code: z.union([z.string(), z.number()]).nullish() }),
  }),
  z.object({ detail: z.string() }),
]);

export interface ProviderError {
  readonly message: string;
  readonly code?: string;
}

/** Parses the error body that Codex passes on as a message. Returns undefined for any other message. */
export function parseProviderError(text: string): ProviderError | undefined {
  const result = bodySchema.safeParse(parseJson(text));
  if (!result.success) return undefined;
  if ('detail' in result.data) return { message: excerpt(result.data.detail, MAX_MESSAGE_CHARACTERS) };
  const { message, code } = result.data.error;
  return {
    message: excerpt(message, MAX_MESSAGE_CHARACTERS),
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

/** Beginning of Codex's report of a status without a kind of its own; the provider's text follows. */
const PREFIX = /^unexpected status \d{3}[^:]{0,60}: /;

/** Beginning of what Codex appends to the provider's text: the URL and a few headers. */
const APPENDIX = ', url: ';

/** Codex's text for an answer without a body. */
const NO_BODY = 'Unknown error';

/** Maximum characters of an error body that is parsed. A longer one is not a message for people. */
const MAX_BODY_LENGTH = 100_000;

/** Returns the provider's own reason for an error status, safe to show to a client, or undefined if it gave none. */
export function findProviderReason(message: string): string | undefined {
  const [prefix] = PREFIX.exec(message) ?? [];
  if (prefix === undefined) return undefined;
  const end = message.lastIndexOf(APPENDIX);
  const text = message.slice(prefix.length, end < prefix.length ? undefined : end).trim();
  if (text === NO_BODY || text.startsWith('<')) return undefined;
  const body = text.length > MAX_BODY_LENGTH ? undefined : parseProviderError(text);
  const reason = withoutKeys(withoutAddresses(body?.message ?? text));
  return reason.replace(/[.\s]+$/, '') || undefined;
}

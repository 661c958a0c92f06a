import { shellQuote } from '../base/format-text.ts';

export interface SetUp {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** The token, or the shell words that print it. */
  readonly token: { readonly value: string } | { readonly words: string };
  readonly model: string;
}

/** A curl call that asks for a short answer, ready to paste. */
export function curlSetUp({ origin, token, model }: SetUp): string {
  const bearer =
    'value' in token
      ? shellQuote(`Authorization: Bearer ${token.value}`)
      : `"Authorization: Bearer ${token.words}"`;
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], stream: true });
  return [
    `curl -N ${origin}/v1/chat/completions \\`,
    `  -H ${bearer} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellQuote(body)}`,
  ].join('\n');
}

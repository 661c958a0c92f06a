import { shellQuote } from '../../base/format-text.ts';

export interface CurlFacts {
  /** `http://127.0.0.1:8000` */
  readonly origin: string;
  /** The token, or shell words that expand to it. */
  readonly token: { readonly value: string } | { readonly words: string };
  readonly model: string;
}

/** Formats a curl command that requests a short answer, ready to paste. */
export function formatCurl({ origin, token, model }: CurlFacts): string {
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

import type { Assistant } from '../tool.ts';
import { closeMarkup } from './close-markup.ts';

/** The one who asks for a pull request. */
export interface Provenance {
  readonly assistant: Assistant;
  /** Name of the key. */
  readonly key: string;
  readonly requestId: string;
}

const NAMES: Readonly<Record<Assistant, string>> = {
  codex: 'Codex',
  copilot: 'Copilot',
  script: 'a script',
};

/** Beginning of the last line, in its letters alone. */
const CLAIM = 'openedbycodexgatewayvia';

/** Everything that a reader does not see in a claim, or that only dresses it up. */
const DRESS = /<[^<>]*>|^[\d.)]+|[^\p{L}\p{N}]+/gu;

/** Control characters without a meaning in a text. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/**
 * Returns the body of a pull request, whose last line names who has asked for it. Nothing in the body can claim another one, or
 * keep that line from being shown.
 */
export function composeBody(body: string, provenance: Provenance): string {
  const lines = body
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(CONTROL, '')
    .split('\n')
    .filter((line) => !isClaim(line));
  const text = closeMarkup(lines.join('\n').trimEnd());
  return `${text === '' ? '' : `${text}\n\n`}${provenanceLine(provenance)}`;
}

function provenanceLine({ assistant, key, requestId }: Provenance): string {
  return `Opened by codex-gateway via ${NAMES[assistant]} (key ${plain(key)}, request ${plain(requestId)})`;
}

/** Returns true for a line that looks like the last one, also for that of a body that was composed before. */
function isClaim(line: string): boolean {
  return line.normalize('NFKC').replaceAll(DRESS, '').toLowerCase().startsWith(CLAIM);
}

/** Returns a name in which nothing has a meaning in Markdown or leads to somebody. */
function plain(name: string): string {
  return name
    .toWellFormed()
    .replaceAll(/[^\w .:/=+,;-]/gu, (sign) => encodeURIComponent(sign).replaceAll(/[!'()*]/g, '_'));
}

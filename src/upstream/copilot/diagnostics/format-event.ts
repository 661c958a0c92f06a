/** Facts of an event, by their names in the file. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Characters of the longest text in the fields of an event, apart from the content of a body. */
const MAX_TEXT_LENGTH = 512;

export interface EventOptions {
  /** Maximum bytes of a line. */
  readonly maxLineBytes: number;
  /** Takes secrets out of a text. */
  redact(text: string): string;
}

/**
 * Formats an event as a line. One that would be too long becomes a note of that.
 * @param snapshot Content of a body, whose texts are bounded already.
 */
export function formatEvent(
  event: { readonly timeMs: number; readonly kind: string; readonly fields: EventFields },
  snapshot: object | undefined,
  { maxLineBytes, redact }: EventOptions,
): string {
  const { timeMs, kind, fields } = event;
  const shown = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, shorten(value, redact)]),
  );
  const format = (kindOfLine: string, fieldsOfLine: EventFields) =>
    JSON.stringify({ timestamp_unix_ms: timeMs, kind: kindOfLine, fields: fieldsOfLine });
  const line = format(kind, { ...shown, ...(snapshot && { snapshot }) });
  const bytes = Buffer.byteLength(line);
  if (bytes <= maxLineBytes) return line;
  return format('diagnostic_event_truncated', {
    local_id: shown.local_id,
    original_kind: kind,
    max_bytes: maxLineBytes,
    original_bytes: bytes,
  });
}

function shorten(value: unknown, redact: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => shorten(entry, redact));
  return typeof value === 'string' ? redact(value).slice(0, MAX_TEXT_LENGTH).toWellFormed() : value;
}

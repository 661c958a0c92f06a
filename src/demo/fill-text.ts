import type { JsonObject } from '../base/json.ts';
import { compilePattern } from '../schema/pattern.ts';

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:30:00Z',
  date: '2026-01-31',
  time: '12:30:00Z',
  duration: 'PT1H30M',
  email: 'ada@example.com',
  'idn-email': 'ada@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  uri: 'https://example.com/sample',
  'uri-reference': '/sample',
  iri: 'https://example.com/sample',
  url: 'https://example.com/sample',
  'json-pointer': '/sample',
  regex: 'sample',
};

/** Texts that match common patterns. */
const COMMON = [
  'sample',
  'Sample',
  'sample-1',
  'AB12',
  '1.0.0',
  '12:30',
  '#336699',
  '+15550100',
  'en-US',
  'v1',
];

/**
 * Maximum length of a text that is tested against a pattern: a hostile pattern doubles its time with each
 * character.
 */
const MAX_TRIED = 20;

/** Makes a text that fits the format, pattern and length of a schema, or else one that names its key. */
export function fillText(
  schema: JsonObject,
  { name, index }: { readonly name: string; readonly index: number },
): string {
  const { format, pattern } = schema;
  const text = `sample ${wordsIn(name) || 'text'}${index === 0 ? '' : ` ${index + 1}`}`;
  const formatted =
    typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format]! : undefined;
  const wished = formatted ?? fit(text, schema);
  const fitting = typeof pattern === 'string' ? compilePattern(pattern) : undefined;
  if (fitting === undefined || formatted !== undefined) return wished;
  const candidates = [wished, ...COMMON, ...Object.values(FORMATS), ...repeated()];
  const found = candidates.find(
    (one) => one.length <= MAX_TRIED && fit(one, schema) === one && fitting.test(one),
  );
  return found ?? wished;
}

/** Splits a key into words: `maxRetryCount` and `max_retry_count` are three. */
function wordsIn(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Maximum length of any text. */
const MAX_LENGTH = 100_000;

function fit(text: string, { minLength, maxLength }: JsonObject): string {
  const longest = Math.min(typeof maxLength === 'number' ? maxLength : Infinity, MAX_LENGTH);
  const padded =
    typeof minLength === 'number' ? text.padEnd(Math.min(minLength, longest), ' and more') : text;
  return padded.slice(0, longest);
}

function* repeated(): Generator<string> {
  for (let length = 1; length <= MAX_TRIED; length += 1)
    for (const one of ['1', 'a', 'A']) yield one.repeat(length);
}

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatSse, KEEP_ALIVE } from '../../../src/http/edge/format-sse.ts';
import type { SseFrame } from '../../../src/openai/vocabulary/sse-frame.ts';
import { anyText } from '../../support/any-text.ts';

function parse(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

const data = fc.array(fc.oneof(anyText(), fc.constantFrom('\n', '\r', '\r\n', ': x', 'data: '))).map(
  // A parser drops what is not well-formed text, as the UTF-8 encoding on the wire would, and a leading mark.
  (parts) => parts.join('').toWellFormed().replaceAll('\ufeff', ''),
);
const frame: fc.Arbitrary<SseFrame> = fc.record(
  { id: fc.stringMatching(/^[\w:-]*$/), event: fc.stringMatching(/^[a-z.]+$/), data },
  { requiredKeys: ['data'] },
);

it('a parser reads server-sent events as they were written, with keep-alives between them', () => {
  fc.assert(
    fc.property(fc.array(frame), (frames) => {
      const text = frames.map((one) => `${formatSse(one)}${KEEP_ALIVE}`).join('');
      expect(parse(text).map((event) => [event.id, event.event, event.data])).toEqual(
        frames.map((one) => [one.id, one.event, one.data.replaceAll(/\r\n|\r/g, '\n')]),
      );
    }),
  );
});

it('an event without an id has no id line', () => {
  expect(formatSse({ event: 'a', data: 'b' })).toBe('event: a\ndata: b\n\n');
  expect(formatSse({ id: '7', event: 'a', data: 'b' })).toBe('id: 7\nevent: a\ndata: b\n\n');
});

it.each(['1\n2', '1\r', '\0'])('an id that would break its line is refused: %j', (id) => {
  expect(() => formatSse({ id, data: 'b' })).toThrow('line break');
});

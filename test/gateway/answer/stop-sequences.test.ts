import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { createStopCutter, cutAtStop } from '../../../src/gateway/answer/stop-sequences.ts';
import { passStage } from '../../support/script-turns.ts';
import { runCount } from '../../support/run-count.ts';

/** Cuts a text that arrives in the given pieces; returns the text sent and whether it was stopped. */
function cut(pieces: readonly string[], stops: readonly string[]): { text: string; stopped: boolean } {
  const cutter = createStopCutter(stops);
  let text = '';
  for (const piece of pieces) {
    const out = cutter.push(piece);
    text += out.text;
    if (out.stopped) return { text, stopped: true };
  }
  return { text: text + cutter.flush(), stopped: false };
}

/** The same of the whole text, letter by letter. */
function reference(text: string, stops: readonly string[]): { text: string; stopped: boolean } {
  for (let end = 1; end <= text.length; end += 1) {
    const starts = stops.filter((stop) => text.endsWith(stop, end)).map((stop) => end - stop.length);
    if (starts.length > 0) return { text: text.slice(0, Math.min(...starts)), stopped: true };
  }
  return { text, stopped: false };
}

/** Few letters, so that stop sequences occur, overlap and begin in vain. */
const letters = (maxLength: number, minLength = 0) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength, maxLength });
const pieces = fc.array(letters(5), { maxLength: 12 });

describe('a text with stop sequences', () => {
  it('ends before the first match, however the text is split', () => {
    fc.assert(
      fc.property(pieces, letters(5, 1), (given, stop) => {
        const text = given.join('');
        const place = text.indexOf(stop);
        const expected = place < 0 ? { text, stopped: false } : { text: text.slice(0, place), stopped: true };
        expect(cut(given, [stop])).toEqual(expected);
      }),
      runCount(500),
    );
  });

  it('ends before the first of several sequences to complete, however the text is split', () => {
    fc.assert(
      fc.property(pieces, fc.array(letters(5, 1), { maxLength: 4 }), (given, stops) => {
        const expected = reference(given.join(''), stops);
        expect(cut(given, stops)).toEqual(expected);
        expect(stops.some((stop) => expected.text.includes(stop))).toBe(false);
      }),
      runCount(500),
    );
  });

  it('is passed on as soon as it cannot begin a stop sequence', () => {
    const cutter = createStopCutter(['STOP', '\n\n']);
    expect(cutter.push('Go on ST')).toEqual({ text: 'Go on ', stopped: false });
    expect(cutter.push('O')).toEqual({ text: '', stopped: false });
    expect(cutter.push('NE')).toEqual({ text: 'STONE', stopped: false });
    expect(cutter.push('.\n')).toEqual({ text: '.', stopped: false });
    expect(cutter.flush()).toBe('\n');
    expect(cutter.flush()).toBe('');
  });
});

describe.each([true, false])('an answer whose events come together: %s', (together) => {
  const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
  const end: TurnEvent = { type: 'turn-end', reason: 'tool-calls', isComplete: true, usage: null };
  const call = { type: 'passthrough-item', isCall: true, item: { type: 'tool_search_call' } } as const;

  it('yields text held back for a stop sequence before a native call', async () => {
    const events = [text('one ST'), call, end];
    expect(await passStage(cutAtStop(['STOP']), events, { together })).toEqual([
      text('one '),
      text('ST'),
      call,
      end,
    ]);
  });

  it('yields text held back for a stop sequence before the end', async () => {
    const events = [text('one ST'), { ...end, reason: 'stop' } as const];
    const passed = await passStage(cutAtStop(['STOP']), events, { together });
    expect(passed).toEqual([text('one '), text('ST'), events[1]]);
  });

  it('ends before its stop sequence, without what follows', async () => {
    const events = [text('one ST'), text('OP two'), call, end];
    expect(await passStage(cutAtStop(['STOP']), events, { together })).toEqual([
      text('one '),
      { type: 'turn-end', reason: 'stop', isComplete: false, usage: null },
    ]);
  });
});

import { isCall, type TurnEvent } from '../../conversation/turn-event.ts';
import { cutEnd, type EventStage } from './stage.ts';

/** Ends an answer before its first stop sequence. Text that may begin one waits until it is clear, or nothing more comes. */
export function cutAtStop(stops: readonly string[]): EventStage {
  const cutter = createStopCutter(stops);
  return (batch) => {
    const cut: TurnEvent[] = [];
    for (const event of batch) {
      const isLast = isCall(event) || event.type === 'turn-end';
      const { text, stopped } =
        event.type === 'text-delta'
          ? cutter.push(event.text)
          : { text: isLast ? cutter.flush() : '', stopped: false };
      if (text !== '') cut.push({ type: 'text-delta', text });
      if (stopped) return [...cut, cutEnd('stop')];
      if (event.type !== 'text-delta') cut.push(event);
    }
    return cut;
  };
}

/**
 * Cuts a text before the stop sequence that would be complete first if the text came letter by letter, in whichever pieces
 * it does come.
 */
export interface StopCutter {
  /** Returns the text that can go out; keeps back what may begin a stop sequence. */
  push(text: string): { readonly text: string; readonly stopped: boolean };
  /** Returns the text that was kept back, once nothing more comes. */
  flush(): string;
}

export function createStopCutter(stops: readonly string[]): StopCutter {
  const longest = Math.max(0, ...stops.map((stop) => stop.length));
  let kept = '';
  return {
    push(piece) {
      const text = kept + piece;
      const start = firstStop(text, stops);
      if (start !== undefined) {
        kept = '';
        return { text: text.slice(0, start), stopped: true };
      }
      const safe = text.length - beginningAtEnd(text, stops, longest);
      kept = text.slice(safe);
      return { text: text.slice(0, safe), stopped: false };
    },
    flush() {
      const rest = kept;
      kept = '';
      return rest;
    },
  };
}

/** Returns a complete text up to its first stop sequence. */
export function beforeStop(text: string, stops: readonly string[]): string {
  const cutter = createStopCutter(stops);
  return cutter.push(text).text + cutter.flush();
}

/** Returns the start of the stop sequence that ends first, the longest of several. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => ({ start: text.indexOf(stop), length: stop.length }));
  const [first] = found
    .filter(({ start }) => start >= 0)
    .toSorted((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start);
  return first?.start;
}

/** Returns the length of the longest end of the text that begins a stop sequence. */
function beginningAtEnd(text: string, stops: readonly string[], longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
}

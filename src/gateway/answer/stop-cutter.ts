/**
 * Cuts a text before the stop sequence that is complete first, as whoever writes it letter by letter would: so it does
 * not matter in which pieces the text comes.
 */
export interface StopCutter {
  /** What of the text so far can go out; what may be the beginning of a stop sequence is kept back. */
  push(text: string): { readonly text: string; readonly stopped: boolean };
  /** What was kept back, when nothing more comes. */
  flush(): string;
}

export function createStopCutter(stops: readonly string[]): StopCutter {
  const longest = Math.max(0, ...stops.map((stop) => stop.length));
  let kept = '';
  return {
    push(piece) {
      const text = kept + piece;
      const place = firstStop(text, stops);
      if (place !== undefined) {
        kept = '';
        return { text: text.slice(0, place), stopped: true };
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

/** A whole text, as far as it goes before a stop sequence. */
export function beforeStop(text: string, stops: readonly string[]): string {
  const cutter = createStopCutter(stops);
  return cutter.push(text).text + cutter.flush();
}

/** Where the stop sequence begins that ends first, the longest of several. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => ({ start: text.indexOf(stop), length: stop.length }));
  const [first] = found
    .filter(({ start }) => start >= 0)
    .toSorted((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start);
  return first?.start;
}

/** Length of the longest end of the text that is the beginning of a stop sequence. */
function beginningAtEnd(text: string, stops: readonly string[], longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
}

import { createParser, type EventSourceMessage } from 'eventsource-parser';

interface Events {
  /** Events that have data. */
  readonly events: readonly EventSourceMessage[];
  readonly violations: readonly string[];
}

/**
 * Reads events by the rules of server-sent events; an unfinished event at the end of a stream that was cut is
 * dropped.
 */
export function readEvents(text: string, cut: boolean): Events {
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const errors: string[] = [];
  createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment),
    onError: ({ message }) => errors.push(message),
  }).feed(text);
  const violations = [
    ...errors,
    ...events.filter(({ data }) => data === '').map(() => 'an event has empty data'),
    ...(blocksOf(text).every(isEventOrComment) ? [] : ['an event has no data']),
    ...(comments.some((comment) => comment.trim() === 'ping') ? ["the comment ': ping' ends a stream"] : []),
    ...(cut || /(\r\n|\n|\r)\1$/.test(text) ? [] : ['the last event is not whole']),
  ];
  return { events: events.filter(({ data }) => data !== ''), violations };
}

/** Parses JSON; returns undefined for anything else. */
export function parseData(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

function blocksOf(text: string): string[][] {
  const blocks = text.split(/\r\n\r\n|\n\n|\r\r/).slice(0, -1);
  return blocks.map((block) => block.split(/[\r\n]+/).filter((line) => line !== ''));
}

/** Some parsers take a block with another field than data for an event, whose data they then read. */
function isEventOrComment(lines: readonly string[]): boolean {
  return lines.every((line) => line.startsWith(':')) || lines.some((line) => /^data(:|$)/.test(line));
}

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { expect, onTestFinished } from 'vitest';

/** A stream of a session that a test reads. */
export interface FollowedSession {
  readonly response: Response;
  /** The events so far. */
  readonly events: readonly EventSourceMessage[];
  readonly comments: readonly string[];
  /** Returns the names of the events so far. */
  names(): string[];
  /** Waits for an event with this name; resolves to its data. */
  until(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Resolves once the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Drops the stream, as a client does that loses its connection. */
  drop(): void;
}

/** Opens the stream of a session at a URL, and reads it until it ends, is dropped, or the running test ends. */
export async function followSession(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<FollowedSession> {
  const dropping = new AbortController();
  onTestFinished(() => dropping.abort());
  const response = await fetch(url, { headers, signal: dropping.signal });
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => events.push(event),
    onComment: (comment) => comments.push(comment),
  });
  async function read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of response.body!) parser.feed(decoder.decode(bytes, { stream: true }));
  }
  const ended = read();
  ended.catch(() => {});
  const find = (name: string) => events.find(({ event }) => event === name);
  return {
    response,
    events,
    comments,
    ended,
    names: () => events.map(({ event }) => event ?? ''),
    async until(name) {
      await expect.poll(() => find(name) !== undefined, { timeout: 15_000, interval: 5 }).toBe(true);
      return JSON.parse(find(name)!.data) as Readonly<Record<string, unknown>>;
    },
    drop: () => dropping.abort(),
  };
}

import type { RequestLog } from './request-log.ts';

/** A body, or the beginning of a long one. */
export interface HeldBody {
  readonly text: string;
  /** True if the rest is missing. */
  readonly isCut: boolean;
}

export interface HeldBodies {
  readonly request: HeldBody;
  readonly answer: HeldBody;
}

/** Takes the bodies of one request as they come. */
export interface BodyKeeper {
  keepRequest(blocks: readonly Uint8Array[]): void;
  keepAnswer(chunk: Uint8Array | string): void;
}

/** The bodies of the latest requests, in memory. */
export interface BodyLog {
  /** Returns the keeper for a request that has just begun; undefined for one that is not in the log. */
  open(id: string): BodyKeeper | undefined;
  /** Returns the bodies of the request with this number; undefined if they are no longer held. */
  find(number: number): HeldBodies | undefined;
}

/** Bytes that are held of one body: the beginning of a longer one. */
const MAX_BODY_BYTES = 256 * 1024;

/** Bytes of all bodies together, over which the oldest ones are forgotten. */
const MAX_BYTES = 64 * 1024 * 1024;

interface Held {
  readonly request: Buffer[];
  readonly answer: Buffer[];
  bytes: number;
  cut: { request: boolean; answer: boolean };
}

/** @param log The log of the requests whose bodies are held. */
export function createBodyLog(log: Pick<RequestLog, 'findBegun' | 'find'>, maxBytes = MAX_BYTES): BodyLog {
  /** Bodies by the number of their request, the oldest first. */
  const held = new Map<number, Held>();
  let total = 0;

  function forget(number: number): void {
    total -= held.get(number)?.bytes ?? 0;
    held.delete(number);
  }

  function makeRoom(): void {
    for (const number of held.keys()) {
      if (total <= maxBytes && log.find(number) !== undefined) return;
      forget(number);
    }
  }

  function add(number: number, part: 'request' | 'answer', chunk: Uint8Array): void {
    const bodies = held.get(number);
    if (bodies === undefined || bodies.cut[part]) return;
    const room = MAX_BODY_BYTES - bodies[part].reduce((sum, { length }) => sum + length, 0);
    // A copy, since the memory of the chunk may be handed to a worker.
    const kept = Buffer.from(chunk.subarray(0, room));
    bodies[part].push(kept);
    bodies.cut[part] = chunk.length > room;
    bodies.bytes += kept.length;
    total += kept.length;
    makeRoom();
  }

  return {
    open(id) {
      const number = log.findBegun(id)?.number;
      if (number === undefined) return undefined;
      held.set(number, { request: [], answer: [], bytes: 0, cut: { request: false, answer: false } });
      makeRoom();
      return {
        keepRequest: (blocks) => blocks.forEach((block) => add(number, 'request', block)),
        keepAnswer: (chunk) => add(number, 'answer', typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
      };
    },
    find(number) {
      const bodies = held.get(number);
      if (bodies === undefined) return undefined;
      const read = (part: 'request' | 'answer'): HeldBody => ({
        text: withoutSecrets(Buffer.concat(bodies[part]).toString('utf8')),
        isCut: bodies.cut[part],
      });
      return { request: read('request'), answer: read('answer') };
    },
  };
}

/** Matches the name of a secret. */
const SECRET = /api_?key|secret|password|authorization|access_token/i;

/** Matches what is between a name and a string of JSON. */
const BETWEEN = /"\s*:\s*"/g;

/** Matches the content of a string; a body that was cut may lack its end. */
const CONTENT = /(?:[^"\\]|\\.)*/y;

/** Leaves the values of secrets out of a text that may be JSON, in a time that grows with its length, for any text. */
function withoutSecrets(text: string): string {
  let shown = '';
  let from = 0;
  for (const { 0: between, index } of text.matchAll(BETWEEN)) {
    const name = text.slice(text.lastIndexOf('"', index - 1) + 1, index);
    if (index < from || !SECRET.test(name)) continue;
    const start = index + between.length;
    CONTENT.lastIndex = start;
    shown += `${text.slice(from, start)}…`;
    from = start + CONTENT.exec(text)![0].length;
  }
  return shown + text.slice(from);
}

import type { LineTreatment } from '../../protocol/ndjson-reader.ts';
import { createAbbreviator } from './abbreviate.ts';

/**
 * Decides how the app-server's echo of injected items is read. It may be as long as the whole conversation, and is needed
 * only by threads that wait to see what became of their images.
 */
export interface EchoLines {
  classify(head: string): LineTreatment;
  /** Has the echo of a thread read, with its long texts abbreviated; returns a function that ends this. */
  read(threadId: string): () => void;
}

/** Beginning of a line with an echo, as the app-server writes it; any other line is parsed. */
const ECHO =
  /^\{"method":"rawResponseItem\/completed","params":\{"threadId":"([^"]+)","turnId":"auto-compact-\d+"/;

export function createEchoLines(): EchoLines {
  const readers = new Set<string>();
  return {
    classify(head) {
      const [, threadId] = ECHO.exec(head) ?? [];
      if (threadId === undefined) return 'parse';
      return readers.has(threadId) ? createAbbreviator() : 'skip';
    },
    read(threadId) {
      readers.add(threadId);
      return () => readers.delete(threadId);
    },
  };
}

import { GatewayError } from '../../base/errors.ts';
import { MAX_SMALL_BYTES, type BodyParser } from '../../http/body/body-parser.ts';
import type { RawBody } from '../../http/requests/context.ts';
import { entryUrl } from './entry-url.ts';
import { parseJsonBody, type BodyResult } from './parse-json-body.ts';
import { createWorkerClient } from './worker-client.ts';

/** Milliseconds of processor time for one body. */
const DEADLINE = 30_000;

const MEGABYTE = 1024 * 1024;

/** A parser and the thread behind it. */
export interface WorkerBodyParser {
  readonly parse: BodyParser;
  close(): Promise<void>;
}

/** `bodyLimit` is in bytes. */
export function createBodyParser(bodyLimit: number): WorkerBodyParser {
  const client = createWorkerClient<RawBody, BodyResult>({
    entry: entryUrl('body-worker'),
    deadline: DEADLINE,
    // Of a text in two bytes a character, its copy as values, and their copy for the main thread.
    memory: 256 + 8 * Math.ceil(bodyLimit / MEGABYTE),
    onExhausted: (cause) =>
      new GatewayError('request_too_large', 'The request body takes too much time or memory to parse.', {
        cause,
      }),
  });
  return {
    async parse(body, signal) {
      if (body.size <= MAX_SMALL_BYTES) return parseJsonBody(body);
      const buffers = body.blocks.map(({ buffer }) => buffer);
      const result = await client.run(body, signal, buffers);
      if ('value' in result) return result.value;
      const { code, message, param } = result.refusal;
      throw new GatewayError(code, message, param === undefined ? {} : { param });
    },
    close: client.close,
  };
}

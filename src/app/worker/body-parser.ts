import { GatewayError } from '../../base/errors.ts';
import { MAX_SMALL_BYTES, type BodyParser } from '../../http/body/body-parser.ts';
import type { RawBody } from '../../http/requests/context.ts';
import { entryUrl } from './start-worker.ts';
import { parseJsonBody, type BodyResult } from './parse-json-body.ts';
import { createWorkerClient } from './worker-client.ts';

/** Maximum milliseconds of processor time for one body. */
const TIMEOUT_MS = 30_000;

const MEGABYTE = 1024 * 1024;

/** A parser with its thread. */
export interface WorkerBodyParser {
  readonly parse: BodyParser;
  close(): Promise<void>;
}

/** @param bodyLimit Bytes. */
export function createBodyParser(bodyLimit: number): WorkerBodyParser {
  const client = createWorkerClient<RawBody, BodyResult>({
    entry: entryUrl('body-worker'),
    timeoutMs: TIMEOUT_MS,
    // Room for the text in two bytes a character, its values, and their copy for the main thread.
    heapMegabytes: 256 + 8 * Math.ceil(bodyLimit / MEGABYTE),
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

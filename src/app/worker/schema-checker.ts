import { GatewayError } from '../../base/errors.ts';
import type { SchemaChecker } from '../../conversation/ports/schema-checker.ts';
import { entryUrl } from './start-worker.ts';
import type { ValidationJob, ValidationResult } from './validate-value.ts';
import { createWorkerClient } from './worker-client.ts';

/** Maximum milliseconds for one check; an ordinary one takes a few. */
const TIMEOUT_MS = 2_000;

const HEAP_MEGABYTES = 256;

/** A checker with its thread. */
export interface WorkerSchemaChecker extends SchemaChecker {
  close(): Promise<void>;
}

/** @param timeoutMs Maximum milliseconds for one check. */
export function createSchemaChecker(timeoutMs: number = TIMEOUT_MS): WorkerSchemaChecker {
  const client = createWorkerClient<ValidationJob, ValidationResult>({
    entry: entryUrl('schema-worker'),
    timeoutMs,
    heapMegabytes: HEAP_MEGABYTES,
    onExhausted: (cause) =>
      new GatewayError(
        'invalid_schema',
        'A value cannot be checked against the JSON Schema in reasonable time and memory; make its patterns simpler.',
        { cause },
      ),
  });
  return {
    async check(schema, value, signal) {
      const result = await client.run({ schema, value }, signal);
      if (result.type === 'fit') return undefined;
      if (result.type === 'misfit') return result.problem;
      throw new GatewayError('invalid_schema', `The JSON Schema does not work: ${result.problem}.`, {
        logMessage: 'The JSON Schema does not work.',
      });
    },
    close: client.close,
  };
}

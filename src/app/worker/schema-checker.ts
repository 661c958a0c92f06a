import { GatewayError } from '../../base/errors.ts';
import type { SchemaChecker } from '../../conversation/ports/schema-checker.ts';
import { entryUrl } from './entry-url.ts';
import type { ValidationJob, Verdict } from './validate-value.ts';
import { createWorkerClient } from './worker-client.ts';

/** Milliseconds; an honest check takes a few. */
const DEADLINE = 2_000;

/** Megabytes of heap. */
const MEMORY = 256;

/** A checker and the thread behind it. */
export interface WorkerSchemaChecker extends SchemaChecker {
  close(): Promise<void>;
}

/** `deadline` is in milliseconds for one check. */
export function createSchemaChecker(deadline: number = DEADLINE): WorkerSchemaChecker {
  const client = createWorkerClient<ValidationJob, Verdict>({
    entry: entryUrl('schema-worker'),
    deadline,
    memory: MEMORY,
    onExhausted: (cause) =>
      new GatewayError(
        'invalid_schema',
        'A value cannot be checked against the JSON Schema in reasonable time and memory; make its patterns simpler.',
        { cause },
      ),
  });
  return {
    async check(schema, value, signal) {
      const verdict = await client.run({ schema, value }, signal);
      if (verdict.type === 'fit') return undefined;
      if (verdict.type === 'misfit') return verdict.problem;
      throw new GatewayError('invalid_schema', `The JSON Schema does not work: ${verdict.problem}.`, {
        logMessage: 'The JSON Schema does not work.',
      });
    },
    close: client.close,
  };
}

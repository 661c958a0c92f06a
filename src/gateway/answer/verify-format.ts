import { GatewayError } from '../../base/errors.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { SchemaFormat } from '../../conversation/turn-request.ts';
import { readJson } from './read-json.ts';
import type { Check } from './require-format.ts';

/**
 * Looks at an answer that the provider should have held to a schema, while it goes out: not every provider does. What is
 * no such answer ends in an error, as it cannot be taken back.
 */
export async function* verifyFormat(
  events: AsyncIterable<TurnEvent>,
  { schema, path }: SchemaFormat,
  check: Check,
): AsyncGenerator<TurnEvent> {
  let text = '';
  let calls = 0;
  for await (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'tool-call') calls += 1;
    else if (event.type === 'turn-end' && event.isComplete && event.reason === 'stop' && calls === 0) {
      const found = readJson(text);
      const problem = found ? await check(schema, found.value, path) : 'it is not valid JSON.';
      if (problem !== undefined) throw disregarded(problem);
    }
    yield event;
  }
}

function disregarded(problem: string): GatewayError {
  return new GatewayError(
    'invalid_answer',
    `The answer of the model provider does not follow the requested schema: ${problem}`,
    { logMessage: 'The answer of the model provider does not follow the requested schema.' },
  );
}

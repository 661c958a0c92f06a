import { expect, it } from 'vitest';
import { readAnswer } from '../../../src/console/clients/read-answer.ts';

const events = (...values: readonly object[]) =>
  values.map((value) => `event: e\ndata: ${JSON.stringify(value)}\n\n`).join('');
const content = [{ type: 'output_text', text: 'Hi.' }];

it.each([
  ['a chat completion', JSON.stringify({ choices: [{ message: { content: 'Hi.' } }] })],
  ['a response', JSON.stringify({ output: [{ type: 'reasoning' }, { type: 'message', content }] })],
  [
    'a streamed chat completion',
    `: wait\n\n${events({ choices: [{ delta: { content: 'H' } }] }, { choices: [{ delta: { content: 'i.' } }] }, { choices: [] })}data: [DONE]\n\n`,
  ],
  [
    'a streamed response',
    events(
      { type: 'response.created', response: { error: null, output: [] } },
      { type: 'response.output_text.delta', delta: 'H' },
      { type: 'response.output_text.delta', delta: 'i.' },
      { type: 'response.completed', response: { error: null, output: [{ content }] } },
    ),
  ],
])('the text of %s is read once', (_name, body) => {
  expect(readAnswer(body)).toEqual({ text: 'Hi.', error: null });
});

it.each([
  ['an answer', JSON.stringify({ error: { code: 'model_not_found', message: 'No.' } })],
  ['a stream', events({ error: { code: 'model_not_found', message: 'No.' } })],
  ['an event', events({ type: 'error', code: 'model_not_found', message: 'No.' })],
  [
    'a response that fails',
    events({ type: 'response.failed', response: { error: { code: 'model_not_found', message: 'No.' } } }),
  ],
])('the error of %s is read', (_name, body) => {
  expect(readAnswer(body).error).toEqual({ code: 'model_not_found', message: 'No.' });
});

it('an answer that is neither JSON nor a stream has no text', () => {
  expect(readAnswer('<html>')).toEqual({ text: '', error: null });
});

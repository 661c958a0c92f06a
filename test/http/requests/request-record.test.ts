import { expect, it } from 'vitest';
import type { Observation } from '../../../src/base/observation.ts';
import { ClientGoneError, GatewayError } from '../../../src/base/errors.ts';
import { NO_USAGE } from '../../../src/conversation/usage.ts';
import { createRequestRecord } from '../../../src/http/requests/request-record.ts';
import { batchAnswers } from '../../support/answer-batches.ts';

function create() {
  const observed: Observation[] = [];
  const record = createRequestRecord(
    { observe: (one) => void observed.push(one), within: (_facts, run) => run() },
    'req_1',
  );
  return { record, observed };
}

const say = () =>
  batchAnswers([
    { type: 'text-delta', text: 'Hi.' },
    { type: 'turn-end', reason: 'stop', isComplete: true, usage: { ...NO_USAGE, outputTokens: 3 } },
  ]);

it('the end of a request has what became known of it', async () => {
  const { record, observed } = create();
  record.note({ method: 'POST', path: '/v1/a' });
  record.noteNotices(
    { ignored: new Set(['seed']), adjustments: [{ path: 'reasoningEffort', from: 'max', to: 'high' }] },
    { reasoningEffort: 'reasoning_effort', serviceTier: 'service_tier' },
  );
  const answer = await record.watch(
    Promise.resolve({
      model: 'one',
      adjustments: [{ path: 'serviceTier', from: 'flex', to: 'default' }],
      serviceTier: 'default',
      reasoningEffort: 'high',
      events: say(),
    }),
  );
  await Array.fromAsync(answer.events);
  record.endRequest(200, 'OpenAI/JS');
  expect(observed).toMatchObject([
    { type: 'first-output', id: 'req_1', model: 'one' },
    {
      type: 'request-end',
      status: 200,
      request: {
        id: 'req_1',
        method: 'POST',
        path: '/v1/a',
        client: 'OpenAI/JS',
        model: 'one',
        effort: 'high',
        usage: { outputTokens: 3 },
        ignored: ['seed'],
        adjusted: ['reasoning_effort', 'service_tier'],
        failure: undefined,
      },
    },
  ]);
});

it('the first failure belongs to the request, and each further one is reported at once', () => {
  const { record, observed } = create();
  record.fail(new ClientGoneError());
  record.fail(new GatewayError('overloaded', 'First.'));
  record.fail(new GatewayError('upstream_error', 'Second.'));
  record.endResponse('failed');
  expect(observed).toMatchObject([
    { type: 'further-failure', id: 'req_1', failure: { problem: 'Second.' } },
    { type: 'response-end', outcome: 'failed', request: { failure: { problem: 'First.' } } },
  ]);
});

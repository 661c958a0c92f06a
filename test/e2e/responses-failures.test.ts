import { beforeEach, describe, expect, it } from 'vitest';
import { askResponse, eventsOf, RESPONSE_WAYS, type SentEvent } from '../support/ask-response.ts';
import { sayByHand } from '../support/upstream-answers.ts';
import { breakOff, refuse, say, stall, startResponse, type Script } from '../support/upstream.ts';
import { useSharedGateway, useTestGateway } from '../support/use-test-gateway.ts';

const patient = useSharedGateway();
const restless = useTestGateway({ config: { deadlines: { firstByte: 0.4, idle: 0.4 } } });
const lively = useTestGateway({ config: { keepAlive: { comment: 0.02, heartbeat: 0.04 } } });
beforeEach(() => {
  for (const { upstream } of [patient, restless]) upstream.use(say('Hello.'));
});

const TERMINAL = /^response\.(completed|incomplete|failed)$/;
const error = (code: string | null) => ({
  error: { message: 'sent by the provider', type: 'invalid_request_error', param: null, code },
});
const typesOf = (events: readonly SentEvent[]) => events.map(({ type }) => type);

describe.each(['gpt-5.5', 'gpt-6-sol'])('a failure of %s in the middle of a stream', (model) => {
  it.each<[name: string, script: Script]>([
    ['a connection that breaks', breakOff('partial')],
    ['a provider that falls silent', stall('partial')],
  ])('by %s is sent as error and response.failed, and ends the stream once', async (_name, script) => {
    restless.upstream.use(script);
    const { status, events } = await askResponse(restless, { model, stream: true });
    expect(status).toBe(200);
    expect(typesOf(events).filter((type) => TERMINAL.test(type))).toEqual(['response.failed']);
    const [told, failed] = events.slice(-2);
    expect([told!.type, failed!.type]).toEqual(['error', 'response.failed']);
    expect(told).toMatchObject({ message: expect.any(String) as string, error: { message: told!.message } });
    expect(failed!.response).toMatchObject({
      status: 'failed',
      error: { code: 'server_error', message: told!.message },
      output: [{ type: 'message', status: 'incomplete', content: [{ text: 'partial' }] }],
    });
  });

  it('gets its status when the response is not streamed', async () => {
    restless.upstream.use(breakOff('partial'));
    const { status, error: told } = await askResponse(restless, { model });
    expect(status).toBe(502);
    expect(told).toMatchObject({ code: 'upstream_error' });
  });
});

describe.each(RESPONSE_WAYS)('before the first event, %s', (way) => {
  it.each<[status: number, script: Script, code: string | null]>([
    [400, refuse(400, error('invalid_json_schema')), 'invalid_json_schema'],
    [400, refuse(400, error('context_length_exceeded')), 'context_length_exceeded'],
    [401, refuse(401, error('invalid_api_key')), 'provider_unauthorized'],
    [404, refuse(404, error('model_not_found')), 'model_not_found'],
    [429, refuse(429, error('rate_limit_exceeded')), 'rate_limit_exceeded'],
    [429, refuse(429, error('insufficient_quota')), 'insufficient_quota'],
    [503, refuse(503, error('server_is_overloaded')), 'server_is_overloaded'],
    [
      502,
      (_request, response) => {
        startResponse(response);
        response.end();
      },
      'upstream_error',
    ],
  ])('a failure of the provider keeps its status %s', async (status, script, code) => {
    patient.upstream.use(script);
    const told = await askResponse(patient, { stream: way === 'streamed' });
    expect(told).toMatchObject({ status, events: [], error: { code } });
    expect(patient.upstream.requests).toHaveLength(1);
  });

  it('a wrong body gets a 400', async () => {
    const stream = way === 'streamed';
    const told = await askResponse(patient, { input: [{ role: 'user', content: 7 }], stream });
    expect(told).toMatchObject({
      status: 400,
      error: { param: expect.stringMatching(/^input\[0\]/) as string },
    });
    expect(patient.upstream.requests).toHaveLength(0);
  });
});

it('a failure in the background ends the response as failed and has no HTTP status', async () => {
  patient.upstream.use(refuse(429, error('rate_limit_exceeded')));
  const { status, events, response } = await askResponse(patient, { background: true, stream: true });
  expect(status).toBe(200);
  expect(typesOf(events)).toEqual([
    'response.created',
    'response.queued',
    'response.in_progress',
    'error',
    'response.failed',
  ]);
  expect(response).toMatchObject({ status: 'failed', error: { code: 'rate_limit_exceeded' }, output: [] });
  const kept = await patient.client.responses.retrieve(response!.id);
  expect(kept).toMatchObject({ status: 'failed', error: { code: 'rate_limit_exceeded' } });
});

describe('a silent stream', () => {
  it('sends signs of life as events of its own', async () => {
    const answer = sayByHand();
    lively.upstream.use(answer.script);
    const stream = await lively.client.responses.create({ model: 'gpt-5.5', input: 'hello', stream: true });
    const types: string[] = [];
    let beats = 0;
    for await (const { type } of stream) {
      types.push(type);
      // No client declares it.
      if (type !== ('keepalive' as string)) continue;
      beats += 1;
      if (beats === 2) answer.say('Hel');
      if (beats === 4) answer.end();
    }
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
    expect(types.at(-1)).toBe('response.completed');
  });

  it('sends signs of life from its beginning', async () => {
    const answer = sayByHand();
    lively.upstream.use(answer.script);
    const asked = lively.client.responses.create({ model: 'gpt-5.5', input: 'hello', stream: true });
    // The headers came with its first event.
    const stream = await asked;
    answer.say('Hello');
    answer.end();
    const events = await Array.fromAsync(stream);
    expect(events[0]).toMatchObject({ type: 'response.created', response: { status: 'in_progress' } });
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { output: [{ type: 'message' }] },
    });
  });

  it('reports a failure as an event after it has begun', async () => {
    const heard = Promise.withResolvers<void>();
    lively.upstream.use(async (request, response) => {
      await heard.promise;
      await refuse(429, error('rate_limit_exceeded'))(request, response);
    });
    const body = JSON.stringify({ model: 'gpt-5.5', input: 'hello', stream: true });
    const reply = await lively.fetch('/v1/responses', { method: 'POST', body });
    expect(reply.status).toBe(200);
    heard.resolve();
    const events = eventsOf(await reply.text());
    expect(typesOf(events).filter((type) => type !== 'keepalive')).toEqual([
      'response.created',
      'response.in_progress',
      'error',
      'response.failed',
    ]);
    expect(events.at(-1)!.response).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });
});

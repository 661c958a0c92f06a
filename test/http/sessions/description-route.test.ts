import { expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '../../../src/sessions/events/session-event.ts';
import { OPERATIONS } from '../../../src/sessions/openapi/operations.ts';
import { followSession } from '../../support/follow-session.ts';
import { serveSessions } from '../../support/serve-sessions.ts';

/** Returns a check by a schema of the description. */
function createCheck(description: object) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(description, 'api');
  return (pointer: string, value: unknown) => {
    const isValid = ajv.compile({ $ref: `api#${pointer}` })(value);
    return isValid ? [] : ajv.errors;
  };
}

it('GET /openapi.json describes every route and every event by OpenAPI 3.1', async () => {
  const { ask } = await serveSessions();
  const { status, body, headers } = await ask('/openapi.json');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(body.openapi).toBe('3.1.0');
  const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  const { content } = body.paths['/chat/sessions/{id}/stream'].get.responses['200'];
  const events = EVENT_TYPES.map((type) => ({ $ref: `#/components/schemas/event.${type}` }));
  expect(content['text/event-stream'].schema.oneOf).toEqual(expect.arrayContaining(events));
  expect(Object.keys(body.components.schemas)).toEqual(
    expect.arrayContaining(EVENT_TYPES.map((type) => `event.${type}`)),
  );
});

it('every route that is served is described', async () => {
  const { ask, routes } = await serveSessions();
  const { paths } = (await ask('/openapi.json')).body;
  const missing = routes.filter(({ method, path }) => {
    return paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method] === undefined;
  });
  expect(missing).toEqual([]);
});

it('answers and events have the form that the description says', async () => {
  const { ask, create, origin, engine } = await serveSessions();
  const check = createCheck((await ask('/openapi.json')).body);
  const answerAt = (path: string, status: number, method = 'get') =>
    `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}/content/application~1json/schema`;
  const { id } = await create();
  const path = `/chat/sessions/${id}`;
  const stream = await followSession(`${origin}${path}/stream?events=delta`, { authorization: 'Bearer all' });
  const sent = (await ask(`${path}/messages`, { body: { message: 'hello' } })).body;
  expect(check(answerAt('/chat/sessions/{id}/messages', 202, 'post'), sent)).toEqual([]);
  await expect.poll(() => engine.threads[0]?.turns.length, { timeout: 10_000 }).toBe(1);
  engine.thread.finish('Hello.');
  await stream.until('turn.completed');
  expect(check('/components/schemas/event.turn.started', { type: 'turn.started' })).not.toEqual([]);
  for (const { event, data } of stream.events)
    expect(check(`/components/schemas/event.${event}`, JSON.parse(data))).toEqual([]);
  for (const [asked, described] of [
    [path, '/chat/sessions/{id}'],
    [`${path}/diff`, '/chat/sessions/{id}/diff'],
    [`${path}/plan`, '/chat/sessions/{id}/plan'],
    ['/chat/sessions'],
    ['/chat/threads'],
    ['/runtime/info'],
    ['/runtime/config'],
    ['/auth/status'],
    ['/health'],
  ] as const)
    expect([asked, check(answerAt(described ?? asked, 200), (await ask(asked)).body)]).toEqual([asked, []]);
});

it('the description needs a token for sessions, and is gone with them', async () => {
  const { ask } = await serveSessions();
  expect((await ask('/openapi.json', { token: '' })).status).toBe(401);
  expect((await ask('/openapi.json', { token: 'openai' })).status).toBe(403);
  const off = await serveSessions({ isOff: true });
  const { status, body } = await off.ask('/openapi.json');
  expect([status, body.error]).toEqual([404, expect.stringContaining('--workspace')]);
});

import { describe, expect, it } from 'vitest';
import { createRequestPreparer } from '../../../../src/upstream/copilot/request/prepare-request.ts';
import { prepare, REQUEST_OPTIONS } from './prepare.ts';

const fromUser = Buffer.from('{"input":[{"type":"message","role":"user","content":"hi"}]}');
const toolResult = Buffer.from('{"input":[{"type":"function_call_output","call_id":"1","output":"a"}]}');

const turn = (metadata: object) => ({
  'x-codex-turn-metadata': JSON.stringify({ request_kind: 'turn', ...metadata }),
});

async function initiatorOf(body: Buffer, headers = {}): Promise<string | undefined> {
  return (await prepare({ body, headers })).headers['x-initiator'];
}

describe('X-Initiator', () => {
  it.each([
    ['user', 'a text as input', '{"input":"hi"}'],
    ['user', 'a message of the user at the end', fromUser.toString()],
    ['user', 'a message of the user without a type', '{"input":[{"role":"user","content":"hi"}]}'],
    ['user', 'a user behind escapes', '{"\\u0069nput":[{"\\u0072ole":"us\\u0065r"}]}'],
    ['agent', 'a tool result at the end', toolResult.toString()],
    ['agent', 'an assistant at the end', '{"input":[{"role":"user"},{"type":"message","role":"assistant"}]}'],
    ['agent', 'a text in a list of items', '{"input":[{"role":"user"},"hi"]}'],
    ['agent', 'an empty list', '{"input":[]}'],
    ['agent', 'an earlier input that a later one replaces', '{"input":"hi","input":[]}'],
    ['agent', 'a role further down', '{"input":[{"type":"message","content":[{"role":"user"}]}]}'],
    ['agent', 'no input', '{"model":"a"}'],
    ['agent', 'another document', '"hi"'],
    ['agent', 'a body that is not JSON', '{"input":"hi"'],
    ['agent', 'a body of a million arrays', `{"input":"hi","a":${'['.repeat(1e6)}`],
    ['agent', 'an empty body', ''],
  ])('is %s for %s', async (initiator, _name, text) => {
    expect(await initiatorOf(Buffer.from(text))).toBe(initiator);
  });

  it.each([
    ['user', 'the client says so', toolResult, { 'x-initiator': 'user' }],
    ['agent', 'the client says so', fromUser, { 'x-initiator': 'agent' }],
    ['user', 'the client says another word', fromUser, { 'x-initiator': 'robot' }],
    ['agent', 'the body is encoded', fromUser, { 'content-encoding': 'gzip' }],
    [
      'user',
      'the client says so of an encoded body',
      fromUser,
      { 'content-encoding': 'br', 'x-initiator': 'user' },
    ],
    ['agent', 'a sub-agent asks', fromUser, { 'x-openai-subagent': 'review' }],
    ['agent', 'a thread with a parent asks', fromUser, { 'x-codex-parent-thread-id': '1' }],
    ['agent', 'Codex compacts', fromUser, turn({ request_kind: 'compaction' })],
    ['agent', 'the thread is one of a sub-agent', fromUser, turn({ thread_source: 'subagent' })],
    ['user', 'Codex begins a turn', fromUser, turn({ turn_id: 'a' })],
    ['agent', 'Codex goes on with a turn', toolResult, turn({ turn_id: 'a' })],
    ['user', 'the metadata are not JSON', fromUser, { 'x-codex-turn-metadata': '{"request_kind":' }],
    ['user', 'the metadata are not an object', fromUser, { 'x-codex-turn-metadata': '[1]' }],
    ['user', 'the metadata are of other types', fromUser, turn({ request_kind: 1, turn_id: {} })],
    ['user', 'the metadata are too deep', fromUser, { 'x-codex-turn-metadata': '['.repeat(8000) }],
  ])('is %s if %s', async (initiator, _name, body, headers) => {
    expect(await initiatorOf(body, headers)).toBe(initiator);
  });

  it("is that of the question, if the gateway's own Codex asks it with developer messages behind it", async () => {
    const ask = async (...items: object[]) => {
      const body = Buffer.from(JSON.stringify({ input: items }));
      const prepared = await prepare({ body, isOwn: true });
      return prepared.headers['x-initiator'];
    };
    const question = { type: 'message', role: 'user' };
    const answer = { type: 'message', role: 'assistant' };
    const instructions = { type: 'message', role: 'developer' };
    expect(await ask(question)).toBe('user');
    expect(await ask(question, instructions, instructions)).toBe('user');
    expect(await ask(question, answer, instructions)).toBe('agent');
    expect(await ask(question, { type: 'function_call_output' }, instructions)).toBe('agent');
    expect(await ask(instructions)).toBe('agent');
    const body = Buffer.from(JSON.stringify({ input: [question, instructions] }));
    expect(await initiatorOf(body)).toBe('agent');
  });

  it('is agent for a further request of a turn, once the first one was sent', async () => {
    const prepareRequest = createRequestPreparer(REQUEST_OPTIONS);
    const ask = (id: string) => prepareRequest({ body: fromUser, headers: turn({ turn_id: id }) });
    const first = await ask('a');
    expect(first.headers['x-initiator']).toBe('user');
    // A request that was never sent does not count.
    expect((await ask('a')).headers['x-initiator']).toBe('user');
    first.markSent();
    expect((await ask('a')).headers['x-initiator']).toBe('agent');
    expect((await ask('b')).headers['x-initiator']).toBe('user');
  });

  it('is remembered for the last 1,000 turns', async () => {
    const prepareRequest = createRequestPreparer(REQUEST_OPTIONS);
    const ask = async (id: string) => {
      const prepared = await prepareRequest({ body: fromUser, headers: turn({ turn_id: id }) });
      prepared.markSent();
      return prepared.headers['x-initiator'];
    };
    for (let id = 0; id < 1000; id += 1) expect(await ask(`turn ${id}`)).toBe('user');
    expect(await ask('turn 0')).toBe('agent');
    // The next one takes the place of the one that has been silent for longest.
    expect(await ask('turn 1000')).toBe('user');
    expect(await ask('turn 0')).toBe('agent');
    expect(await ask('turn 1')).toBe('user');
  });
});

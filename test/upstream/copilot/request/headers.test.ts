import { describe, expect, it } from 'vitest';
import { listHeaders } from '../../../../src/upstream/copilot/request/upstream-headers.ts';
import { prepare, REQUEST_OPTIONS } from './prepare.ts';

const EDITOR = {
  'editor-version': 'vscode/1.109.2',
  'editor-plugin-version': 'copilot-chat/0.35.0',
  'user-agent': 'GitHubCopilotChat/0.35.0',
  'copilot-integration-id': 'vscode-chat',
  'x-vscode-user-agent-library-version': 'electron-fetch',
};

const ALWAYS = {
  accept: 'text/event-stream',
  'openai-intent': 'conversation-agent',
  'x-github-api-version': '2025-10-01',
  'x-initiator': 'agent',
};

const LISTED = {
  'content-type': 'application/json; charset=utf-8',
  'content-encoding': 'zstd',
  accept: 'application/json',
  'accept-encoding': 'gzip',
  'x-client-request-id': '1',
  'session-id': '2',
  'thread-id': '3',
  'x-codex-window-id': '4',
  'x-codex-beta-features': '5',
  'x-codex-parent-thread-id': '6',
  'x-codex-sandbox': '7',
  'x-openai-subagent': '8',
};

const KEPT_BACK = {
  authorization: 'Bearer secret',
  cookie: 'secret',
  'x-api-key': 'secret',
  'api-key': 'secret',
  'x-codex-turn-metadata': '{"request_kind":"turn"}',
  'x-request-id': 'mine',
  host: '127.0.0.1',
  connection: 'keep-alive',
  'content-length': '5',
  'transfer-encoding': 'chunked',
  te: 'trailers',
};

describe('the headers of a request to Copilot', () => {
  it("are the editor's and those that are always sent", async () => {
    const { headers } = await prepare({});
    expect(headers).toEqual({ ...ALWAYS, ...EDITOR });
  });

  it("have the gateway's own name if it is set, and nothing of an editor", async () => {
    const { headers } = await prepare({}, { identity: 'gateway' });
    expect(headers).toEqual({ ...ALWAYS, 'user-agent': 'codex-gateway/1.2.3' });
  });

  it('have the versions that are set', async () => {
    const set = { editorVersion: 'vscode/2', chatVersion: '3', apiVersion: '2026-06-01' };
    const { headers } = await prepare({}, set);
    expect(headers).toMatchObject({
      'editor-version': 'vscode/2',
      'editor-plugin-version': 'copilot-chat/3',
      'user-agent': 'GitHubCopilotChat/3',
      'x-github-api-version': '2026-06-01',
    });
  });

  it('are those of the caller that are listed, and none of its others', async () => {
    const others = { 'user-agent': 'codex/1', originator: 'codex_cli_rs', 'x-other': '1' };
    const { headers } = await prepare({ headers: { ...LISTED, ...KEPT_BACK, ...others } });
    expect(headers).toEqual({ ...ALWAYS, ...EDITOR, ...LISTED });
  });

  it('are further ones that a setting names, in any case of letters', async () => {
    const headers = { 'x-other': '1', 'user-agent': 'codex/1', originator: 'codex' };
    const prepared = await prepare({ headers }, { forwardHeaders: ['X-Other', 'user-agent', 'x-absent'] });
    expect(prepared.headers).toEqual({ ...ALWAYS, ...EDITOR, 'x-other': '1', 'user-agent': 'codex/1' });
  });

  it('have no secret, no turn metadata and nothing of the connection even if a setting names them', async () => {
    const forwardHeaders = Object.keys(KEPT_BACK).flatMap((name) => [name, name.toUpperCase()]);
    const { headers } = await prepare({ headers: KEPT_BACK }, { forwardHeaders });
    expect(headers).toEqual({ ...ALWAYS, ...EDITOR });
  });

  it('have nothing that `connection` names, and nothing that no header is', async () => {
    const headers = { connection: 'close, Session-Id', 'session-id': '1', 'thread-id': '2' };
    const prepared = await prepare({ headers }, { forwardHeaders: ['constructor', '__proto__'] });
    expect(prepared.headers).toEqual({ ...ALWAYS, ...EDITOR, 'thread-id': '2' });
  });

  it('are replaced, added and removed by a setting, under either name', async () => {
    const own = { 'User-Agent': 'me/1', 'openai-intent': null, 'x-mine': 'a', accept: 'b' };
    const expected = {
      accept: 'b',
      'user-agent': 'me/1',
      'x-mine': 'a',
      'x-github-api-version': '2025-10-01',
      'x-initiator': 'agent',
    };
    const asGateway = await prepare({}, { identity: 'gateway', headers: own });
    expect(asGateway.headers).toEqual(expected);
    const asEditor = await prepare({}, { headers: own });
    expect(asEditor.headers).toEqual({ ...EDITOR, ...expected });
  });

  it('keep `authorization`, `x-initiator` and `x-request-id` whatever a setting says', async () => {
    const own = { Authorization: 'a', 'X-Initiator': 'user', 'x-request-id': 'b', 'x-initiator': null };
    const { headers } = await prepare({}, { headers: own });
    expect(headers).toEqual({ ...ALWAYS, ...EDITOR });
  });
});

describe('the headers of a request for the list of models', () => {
  it('are those of the identity, with another intent and the changes of a setting', () => {
    const common = { 'openai-intent': 'model-access', 'x-github-api-version': '2025-10-01' };
    expect(listHeaders(REQUEST_OPTIONS)).toEqual({ ...EDITOR, ...common });
    const changed = { identity: 'gateway', headers: { 'x-mine': 'a' } } as const;
    expect(listHeaders({ ...REQUEST_OPTIONS, ...changed })).toEqual({
      ...common,
      'user-agent': 'codex-gateway/1.2.3',
      'x-mine': 'a',
    });
  });
});

const vision = async (text: string, headers = {}) =>
  (await prepare({ body: Buffer.from(text), headers })).headers['copilot-vision-request'];

describe('Copilot-Vision-Request', () => {
  it.each([
    '{"input":[{"role":"user","content":[{"type":"input_text"},{"type":"input_image","image_url":"data:"}]}]}',
    '{"input":[{"type":"function_call_output","output":[{"image_url":"data:","type":"input_image"}]},{"a":1}]}',
    '{"input":[{"role":"user","content":[{"ty\\u0070e":"input\\u005fimage"}]}]}',
    '{"input":[{"type":"a","b":[[{"c":{"type":"input_image"}}]]}]}',
  ])('is sent with an image: %s', async (text) => {
    expect(await vision(text)).toBe('true');
  });

  it.each([
    '{"input":[{"role":"user","content":[{"type":"input_text","text":"input_image"}]}]}',
    '{"input":[{"role":"user","content":[{"kind":"input_image"},["type","input_image"]]}]}',
    '{"input":"type input_image","metadata":{"type":"input_image"}}',
    '{"input":[{"content":[{"type":"input_image"}]}],"input":[]}',
    '{"input":[{"content":[{"type":"input_image"}]}]',
  ])('is not sent without one: %s', async (text) => {
    expect(await vision(text)).toBeUndefined();
  });

  it('is not sent with an encoded body', async () => {
    const text = '{"input":[{"content":[{"type":"input_image"}]}]}';
    expect(await vision(text, { 'content-encoding': 'identity' })).toBeUndefined();
  });
});

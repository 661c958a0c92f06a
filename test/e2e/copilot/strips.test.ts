import { expect, it } from 'vitest';
import { shareCopilotServer } from '../../support/copilot/copilot-server.ts';
import type { RecordedRequest } from '../../support/copilot/recording-server.ts';

const gateway = shareCopilotServer();

const METADATA = '{"turn_id":"1","request_kind":"turn","workspaces":{"/home/me/secret":{}}}';

async function send(body: string): Promise<RecordedRequest> {
  const headers = { 'x-codex-turn-metadata': METADATA, 'x-codex-window-id': 'w', cookie: 'a=1' };
  await (await gateway.respond(body, { headers })).text();
  return gateway.copilot.responses.at(-1)!;
}

const linesAboutStrips = () =>
  gateway.log.lines.filter((line) => line.includes('taken out of a request to GitHub Copilot'));

it('tools that search the web and the metadata of a turn do not reach Copilot, and the log says so', async () => {
  const metadata = JSON.stringify(METADATA);
  const sent = await send(
    `{"input":"hi", "tools":[{"type":"web_search"}],"client_metadata":{"x-codex-turn-metadata":${metadata}},"n":1.0}`,
  );
  expect(sent.text).toBe('{"input":"hi", "tools":[],"client_metadata":{},"n":1.0}');
  expect(sent.headers).toMatchObject({ 'x-initiator': 'user', 'x-codex-window-id': 'w' });
  expect(JSON.stringify([sent.headers, sent.text])).not.toContain('/home/me');
  expect(sent.headers.cookie).toBeUndefined();
  expect(linesAboutStrips()).toEqual([
    expect.stringMatching(/^info .*"removed":"web_search, client_metadata\.x-codex-turn-metadata"/) as string,
  ]);
});

it('a further request of the same turn is by the agent, and nothing is logged where nothing was taken out', async () => {
  const sent = await send('{"input":"hi"}');
  expect(sent).toMatchObject({ text: '{"input":"hi"}', headers: { 'x-initiator': 'agent' } });
  expect(linesAboutStrips()).toEqual([]);
});

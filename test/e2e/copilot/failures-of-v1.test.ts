import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCopilotGateway, type CopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { answerWith, type Answer } from '../../support/copilot/recording-server.ts';
import { createFolder } from '../../support/temporary-folder.ts';
import { say, sendEvent, startMessage, startResponse } from '../../support/upstream.ts';

let gateway: CopilotGateway;
const folder = createFolder();
const tokenFile = join(folder, 'tokens.json');
const signIn = () => writeFileSync(tokenFile, JSON.stringify({ copilotToken: 'tid=1;exp=2:mac' }));

beforeAll(async () => {
  signIn();
  gateway = await startCopilotGateway({
    isSignedIn: false,
    environment: { COPILOT_TOKEN_FILE: tokenFile },
    config: { deadlines: { firstByte: 2, idle: 1 } },
  });
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  signIn();
  gateway.copilot.requests.length = 0;
});

interface Failed {
  readonly status: number;
  readonly error: { readonly message: string; readonly code: string | null; readonly type: string };
}

async function fail(answer: Answer, body: object = {}): Promise<Failed> {
  gateway.copilot.use(answer);
  const messages = [{ role: 'user', content: 'hi' }];
  const response = await gateway.post({ model: 'copilot/gpt-5.5', messages, ...body });
  const { error } = (await response.json()) as Pick<Failed, 'error'>;
  return { status: response.status, error };
}

const refuse = (status: number, message: string) => answerWith(status, { error: { message, code: 'x' } });

/** Begins an answer, and sends nothing more. */
const fallSilent: Answer = (_request, response) => startMessage(response, 'Hel');

const breakOff: Answer = (_request, response) => {
  startMessage(response, 'Hel');
  setImmediate(() => response.destroy());
};

const inStream =
  (code: string): Answer =>
  (_request, response) => {
    startResponse(response);
    sendEvent(response, { type: 'response.failed', response: { id: 'r', error: { code, message: 'no' } } });
    response.end();
  };

const weeks = answerWith(429, 'rate limited', { 'content-type': 'text/plain', 'retry-after': '200000' });

describe('a failure of Copilot in /v1', () => {
  it.each<[string, Answer, [number, string], RegExp]>([
    [
      'a refused token names the command that signs in',
      answerWith(401, 'unauthorized: token expired'),
      [401, 'provider_unauthorized'],
      /^GitHub Copilot refused the login \(HTTP 401\): unauthorized: token expired\. Sign in again with `.+ copilot login`/,
    ],
    [
      'a refused account names Copilot’s own reason',
      refuse(403, 'Not licensed.'),
      [403, 'provider_forbidden'],
      /^GitHub Copilot refused access \(HTTP 403\): Not licensed\. See `.+ copilot status`/,
    ],
    [
      'a used-up quota',
      answerWith(402, { message: 'quota exceeded' }),
      [429, 'insufficient_quota'],
      /Copilot/,
    ],
    ['a wait of days', weeks, [429, 'insufficient_quota'], /Copilot/],
    [
      'a quota in the stream',
      inStream('insufficient_quota'),
      [429, 'insufficient_quota'],
      /GitHub Copilot account/,
    ],
    [
      'a rate limit in the stream names the model as the client knows it',
      inStream('rate_limit_exceeded'),
      [429, 'rate_limit_exceeded'],
      /^Rate limit reached for copilot\/gpt-5\.5\./,
    ],
    [
      'a failure of the server',
      refuse(500, 'oops'),
      [500, 'server_error'],
      /GitHub Copilot failed \(HTTP 500\)/,
    ],
    [
      'a bad gateway',
      answerWith(502, '<html>'),
      [502, 'upstream_error'],
      /^GitHub Copilot failed \(HTTP 502\)\.$/,
    ],
    [
      'an overloaded provider',
      refuse(503, 'busy'),
      [503, 'server_is_overloaded'],
      /GitHub Copilot has no capacity/,
    ],
    [
      'an old client',
      answerWith(466, 'update'),
      [502, 'upstream_error'],
      /^GitHub Copilot failed \(HTTP 466\): update\.$/,
    ],
    [
      'an answer that breaks off',
      breakOff,
      [502, 'upstream_request_failed'],
      /^GitHub Copilot's answer (broke off|could not)/,
    ],
    [
      'an answer that falls silent',
      fallSilent,
      [504, 'idle_timeout'],
      /^GitHub Copilot .*(silent|stopped sending)/,
    ],
    ['no answer at all', () => {}, [504, 'first_byte_timeout'], /GitHub Copilot/],
  ])('%s', async (_name, answer, [status, code], message) => {
    const failed = await fail(answer);
    expect(failed.error.message).toMatch(message);
    expect(failed).toMatchObject({ status, error: { code } });
    expect(failed.error.message).not.toMatch(/Codex|model provider|config\.toml|CODEX_GATEWAY/);
  });

  it('a bad request is passed on with Copilot’s own words and code', async () => {
    const message = 'model "gpt-5.5" is not accessible via the /responses endpoint';
    const failed = await fail(
      answerWith(400, { error: { message, code: 'model_not_supported', type: 'invalid_request_error' } }),
    );
    expect(failed).toMatchObject({ status: 400, error: { message, code: 'model_not_supported' } });
  });

  it('a conversation that is too long is the error that clients know', async () => {
    const failed = await fail(
      answerWith(400, { error: { message: 'too long', code: 'context_length_exceeded' } }),
    );
    expect(failed).toMatchObject({ status: 400, error: { code: 'context_length_exceeded' } });
  });

  it('a failure in the middle of a stream is its last event', async () => {
    gateway.copilot.use(fallSilent);
    const stream = await gateway.client.chat.completions.create({
      model: 'copilot/gpt-5.5',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
    let text = '';
    const reading = async () => {
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    };
    await expect(reading()).rejects.toThrow(/GitHub Copilot/);
    expect(text).toBe('Hel');
  });
});

describe('signing out', () => {
  it('makes a running turn’s next request an error that names the command', async () => {
    const failed = await fail(async (request, response) => {
      rmSync(tokenFile);
      await answerWith(401, 'unauthorized')(request, response);
    });
    expect(failed.status).toBe(401);
    expect(failed.error.message).toMatch(/copilot login/);
  });

  it('takes the models out of the list and asks nothing, and signing in again brings them back', async () => {
    rmSync(tokenFile);
    const copilotIds = async () => {
      const { data } = await gateway.client.models.list();
      return data.map(({ id }) => id).filter((id) => id.startsWith('copilot/'));
    };
    expect(await copilotIds()).toEqual([]);
    const failed = await fail(say('never'));
    expect(failed).toMatchObject({ status: 401, error: { code: 'copilot_auth_unavailable' } });
    expect(failed.error.message).toMatch(/not signed in to GitHub Copilot.*copilot login/);
    expect((await gateway.fetch('/v1/models/copilot/gpt-5.5')).status).toBe(404);
    expect(gateway.copilot.requests).toEqual([]);
    expect(gateway.github.requests).toEqual([]);
    signIn();
    expect(await copilotIds()).toContain('copilot/gpt-5.5');
  });
});

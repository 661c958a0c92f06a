import { expect, it, onTestFinished } from 'vitest';
import { startCopilotFakes, type CopilotFakes } from './copilot-fakes.ts';
import { rateLimited } from './fake-copilot.ts';
import { exchangedToken, NO_SUBSCRIPTION, USER_CODE, type LoginStep } from './fake-github.ts';
import { answerWith } from './recording-server.ts';

async function startFakes(): Promise<CopilotFakes> {
  const fakes = await startCopilotFakes();
  onTestFinished(() => fakes.close());
  return fakes;
}

it('the fake GitHub lets someone sign in after the steps of the script', async () => {
  const { github, environment } = await startFakes();
  const steps: LoginStep[] = ['authorization_pending', 'slow_down', { token: 'ghu_new' }];
  github.loginSteps = steps;
  expect(await ask(environment.GITHUB_DEVICE_CODE_URL, 'POST')).toMatchObject({ user_code: USER_CODE });
  const answers = [];
  for (const _ of steps) answers.push(await ask(environment.GITHUB_ACCESS_TOKEN_URL, 'POST'));
  expect(answers).toMatchObject([
    { error: 'authorization_pending' },
    { error: 'slow_down', interval: 6 },
    { access_token: 'ghu_new' },
  ]);
});

it('the fake GitHub exchanges tokens, counts them, and refuses by script', async () => {
  const { github, environment } = await startFakes();
  expect(await ask(environment.COPILOT_TOKEN_URL)).toMatchObject({ token: exchangedToken(1) });
  github.exchange = answerWith(403, NO_SUBSCRIPTION);
  expect(await ask(environment.COPILOT_TOKEN_URL)).toMatchObject(NO_SUBSCRIPTION);
  expect(github.exchanges).toBe(2);
});

it('the fake Copilot keeps what it was sent, answers in order, and lists models', async () => {
  const { copilot, environment } = await startFakes();
  copilot.use(
    rateLimited({ 'retry-after': '1' }),
    answerWith(402, 'no quota', { 'content-type': 'text/plain' }),
  );
  const send = () => fetch(environment.COPILOT_RESPONSES_URL!, { method: 'POST', body: Buffer.of(0xff, 1) });
  expect((await send()).headers.get('retry-after')).toBe('1');
  expect(await (await send()).text()).toBe('no quota');
  expect(copilot.responses.map(({ rawBody }) => [...rawBody])).toEqual([
    [0xff, 1],
    [0xff, 1],
  ]);
  expect(await ask(environment.COPILOT_MODELS_URL)).toMatchObject({ data: copilot.models });
});

async function ask(url: string | undefined, method = 'GET'): Promise<unknown> {
  return await (await fetch(url!, { method })).json();
}

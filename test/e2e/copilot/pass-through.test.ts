import { expect, it } from 'vitest';
import { COPILOT_TOKEN, useCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';

const STREAM =
  'event: response.created\ndata: {"a": 1.50}\n\n: odd\r\n\r\nevent: response.completed\ndata: {}\n\n';

it('a response of Copilot comes back byte for byte, and the request is sent upstream as it was', async () => {
  const gateway = await useCopilotGateway();
  gateway.copilot.use(streamBytes([...Buffer.from(STREAM)].map((byte) => Buffer.of(byte))));
  const body = '{ "model":"gpt-5.5", "input":"hi", "temperature": 1.0 }';
  const answer = await gateway.respond(body);
  expect(await answer.text()).toBe(STREAM);
  const [request] = gateway.copilot.responses;
  expect(request?.text).toBe(body);
  expect(request?.headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
});

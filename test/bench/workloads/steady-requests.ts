import { Agent, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { HttpClientOptions } from '../clients/http-client.ts';

/** Milliseconds between the looks at how many requests are due. */
const STEP_MS = 20;

export interface SteadyRequests {
  /** Ends the flow once all that were sent have been answered; resolves to their number. */
  stop(): Promise<number>;
}

/** Lists the models again and again, so many times a second, however long each answer takes. */
export function listModelsSteadily({ port, token }: HttpClientOptions, perSecond: number): SteadyRequests {
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  const answers: Promise<void>[] = [];

  async function listModels(): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    const sent = get({ agent, host: '127.0.0.1', port, path: '/v1/models', headers });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    if (response.statusCode !== 200)
      throw new Error(`The list of models was answered ${response.statusCode}.`);
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1_000) * perSecond);
    while (answers.length < due) answers.push(listModels());
  }, STEP_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(answers);
      agent.destroy();
      return answers.length;
    },
  };
}

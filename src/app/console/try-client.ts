import { messageOf } from '../../base/errors.ts';
import type { TrialAsker } from '../../console/clients/clients-service.ts';
import { readAnswer } from '../../console/clients/read-answer.ts';
import { sendToSelf } from '../../console/clients/send-request.ts';
import type { ClientTrial, TrialRequest } from '../../console/contract/clients.ts';
import type { Trial } from '../clients/trials.ts';

const PATHS: Readonly<Record<Trial['api'], string>> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
};

/** Milliseconds after which an answer is no longer waited for. */
const PATIENCE_MS = 120_000;

/** Sends the request that a client would send, and describes its answer. */
export async function tryClient(
  trial: Trial,
  { model, key }: TrialRequest,
  asker: TrialAsker,
): Promise<ClientTrial> {
  const { api, agent, path = () => PATHS[api], body } = trial;
  const target = path(model);
  const userAgent = `${agent} (a trial by the console)`;
  const about = {
    request: `POST ${target}`,
    user_agent: userAgent,
    sent_as: key === undefined ? ('browser' as const) : ('key' as const),
  };
  const headers = {
    host: asker.host,
    'user-agent': userAgent,
    ...(key === undefined ? asker.headers : keyHeader(trial, key)),
  };
  const signal = AbortSignal.any([asker.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const request = { path: target, headers, body: JSON.stringify({ model, ...body }) };
  try {
    const { status, ms, text, headers: given } = await sendToSelf(asker.own, request, signal);
    const ignored = given['x-codex-gateway-ignored'] ?? '';
    return { ...about, status, ms, ...readAnswer(text), ignored: String(ignored) };
  } catch (error) {
    return {
      ...about,
      status: 0,
      ms: 0,
      text: '',
      error: { code: null, message: explain(error) },
      ignored: '',
    };
  }
}

function keyHeader({ keyHeader: name }: Trial, key: string): Record<string, string> {
  return name === undefined ? { authorization: `Bearer ${key}` } : { [name]: key };
}

function explain(error: unknown): string {
  const isSlow = error instanceof Error && error.name === 'AbortError';
  if (isSlow) return `No answer came within ${PATIENCE_MS / 1000} seconds.`;
  return `The request broke off (${messageOf(error)}).`;
}

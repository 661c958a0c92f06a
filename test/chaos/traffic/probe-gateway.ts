import { call } from './http-call.ts';
import { failureOf, type Exchange, type Verdict } from './exchange.ts';

/** Asks whether the gateway lives and is ready, as a supervisor does. */
export async function probeGateway({ origin, signal, token }: Exchange): Promise<Verdict> {
  const health = await call({ origin, token, signal, path: '/healthz' });
  if (health.status !== 200) return failureOf(health);
  const { status, text } = await call({ origin, token, signal, path: '/readyz' });
  const { ready, why = [] } = JSON.parse(text) as {
    readonly ready: boolean;
    readonly why?: readonly string[];
  };
  if (ready !== (status === 200) || ready !== (why.length === 0)) return { outcome: 'wrong', detail: text };
  return ready ? { outcome: 'ok' } : { outcome: `503 unready ${why.join(' ')}` };
}

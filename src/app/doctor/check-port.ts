import type { Settings } from '../config.ts';
import type { Listener } from '../find-gateway.ts';
import { listen } from '../listen.ts';
import { asFinding } from './as-finding.ts';
import type { Finding } from './finding.ts';

/** Whether a gateway could listen where it is configured to; one that does already is no failure. */
export async function checkPort({ host, port }: Settings, listener: Listener['type']): Promise<Finding> {
  if (listener === 'gateway') {
    return { subject: 'port', state: 'good', text: `a codex-gateway listens on ${host} port ${port}` };
  }
  return await asFinding('port', async () => {
    const { server } = await listen(host, port, () => {});
    server.close();
    return `${port} on ${host} is free`;
  });
}

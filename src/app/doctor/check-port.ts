import type { Settings } from '../config.ts';
import type { Listener } from '../find-gateway.ts';
import { listen } from '../listen.ts';
import type { Status } from '../status.ts';
import { asFinding } from './as-finding.ts';
import type { Finding } from './finding.ts';

/** Whether a gateway could listen where it is configured to; one that does already is no failure. */
export async function checkPort(
  { host, port }: Settings,
  listener: Listener['type'],
  status: Status | undefined,
): Promise<Finding> {
  if (listener === 'gateway') {
    const strange = status ? '' : ', which takes another token than the configured one';
    return {
      subject: 'port',
      state: 'good',
      text: `a codex-gateway listens on ${host} port ${port}${strange}`,
    };
  }
  return await asFinding('port', async () => {
    const { server } = await listen(host, port, () => {});
    server.close();
    return `${port} on ${host} is free`;
  });
}

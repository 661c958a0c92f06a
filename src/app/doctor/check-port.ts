import type { Settings } from '../config.ts';
import type { Listener } from '../find-gateway.ts';
import { listen } from '../listen.ts';
import type { Status } from '../status.ts';

/** Whether a gateway could listen where it is configured to; one that does already is no failure. */
export async function checkPort(
  { host, port }: Settings,
  listener: Listener['type'],
  status: Status | undefined,
): Promise<string> {
  if (listener === 'gateway') {
    const strange = status ? '' : ', which takes another token than the configured one';
    return `a codex-gateway listens on ${host} port ${port}${strange}`;
  }
  const { server } = await listen(host, port, () => {});
  server.close();
  return `${port} on ${host} is free`;
}

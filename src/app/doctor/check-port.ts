import type { Settings } from '../config/config.ts';
import { listen } from '../lifecycle/listen.ts';

/** Whether a gateway could listen where it is configured to. */
export async function checkPort({ host, port }: Settings): Promise<string> {
  const { close } = await listen(host, port, () => {});
  await close();
  return `${port} on ${host} is free`;
}

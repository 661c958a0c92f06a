import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Returns a free port of 127.0.0.1 for a server whose port has to be known before it starts. It lies below the ports that
 * systems hand out for port 0, so that no other server of the tests is given it in the meantime.
 */
export async function findPort(): Promise<number> {
  for (;;) {
    const port = randomInt(11_000, 31_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

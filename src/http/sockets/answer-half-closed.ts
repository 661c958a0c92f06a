import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Time between checks for a client that has closed its side, since nothing announces that it is gone. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

/** The inode of a socket that no process holds. */
const ORPHAN = '0';

/**
 * Answers clients that close their side of the connection after sending (`nc -N`, some proxies). A client that disconnects
 * looks the same on the wire, but its turn must end at once. For a client on this machine, the kernel's table of connections
 * shows the difference. A client on another machine that closes its side counts as gone.
 */
export function answerHalfClosed(server: Server): void {
  // A property of Node's server that its types lack.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.on('connection', (socket) => {
    socket.once('end', () => {
      // Node has ended a connection without a running request by now: nearly every connection ends like that.
      if (!socket.writableEnded) void cutWhenGone(socket);
    });
  });
}

async function cutWhenGone(socket: Socket): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!socket.destroyed) {
    if (!(await isHeld(socket))) {
      socket.destroy();
      return;
    }
    await wait(pauseMs, undefined, { ref: false });
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  }
}

/** Returns true if a process still holds the other end; false on a system without such a table (macOS). */
async function isHeld({ localPort, remotePort, remoteFamily }: Socket): Promise<boolean> {
  if (localPort === undefined || remotePort === undefined) return false;
  const table = await readFile(`/proc/net/tcp${remoteFamily === 'IPv6' ? '6' : ''}`, 'latin1').catch(
    () => '',
  );
  const ends = `:${hex(remotePort)} [0-9A-F]+:${hex(localPort)}`;
  const rows = table.match(new RegExp(`^ *\\d+: [0-9A-F]+${ends} .*$`, 'gm')) ?? [];
  // The tenth column is the inode.
  return rows.some((row) => (row.trim().split(/\s+/)[9] ?? ORPHAN) !== ORPHAN);
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

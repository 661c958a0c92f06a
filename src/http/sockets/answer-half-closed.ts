import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between looks for a client that has closed its side, which says nothing more when it leaves. */
const FIRST_LOOK = 50;
const LAST_LOOK = 1_000;

/** The inode of a socket that no process holds. */
const ORPHAN = '0';

/**
 * Answers clients that close their side of the connection after sending (`nc -N`, some proxies). A client that leaves looks
 * the same on the wire, and its turn must end at once: the kernel's table of connections tells one from the other, since
 * every client is on this machine.
 */
export function answerHalfClosed(server: Server): void {
  // A property that Node has had since 0.6, and its types lack.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.on('connection', (socket) => {
    socket.once('end', () => void cutWhenGone(socket));
  });
}

async function cutWhenGone(socket: Socket): Promise<void> {
  let pause = FIRST_LOOK;
  while (!socket.destroyed) {
    if (!(await isHeld(socket))) {
      socket.destroy();
      return;
    }
    await wait(pause, undefined, { ref: false });
    pause = Math.min(pause * 2, LAST_LOOK);
  }
}

/** Tells whether a process still holds the other end; a system without such a table (macOS) says no. */
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

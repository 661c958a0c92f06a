import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** A named pipe that is read only when the test does so; reading never waits. */
export function makePipe(): { readonly path: string; readonly descriptor: number } {
  const path = makeUnreadPipe();
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(descriptor));
  return { path, descriptor };
}

/** A named pipe without a reader, whose writer would wait for one. */
export function makeUnreadPipe(path = join(temporaryFolder(), 'pipe')): string {
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', path]);
  return path;
}

import { test } from 'vitest';
import type { TestGateway } from './gateway.ts';

/** A gateway that outlives a file: the next one in this process goes on with it if it shares as well. */
let shared: TestGateway | undefined;
let isWanted = false;

/** A fixture that ends the sharing when this process has run its last file. */
// oxlint-disable-next-line eslint/no-empty-pattern -- Vitest reads from it that the fixture needs no other.
const untilLastFile = test.extend('sharing', { scope: 'worker' }, ({}, { onCleanup }) => {
  onCleanup(close);
  return { take };
});

/** Lets the file that is being read take the shared gateway before its tests. */
export function share(
  start: () => Promise<TestGateway>,
  prepare: (gateway: TestGateway) => void,
): () => TestGateway {
  isWanted = true;
  untilLastFile.beforeAll(async ({ sharing }) => prepare(await sharing.take(start)));
  return () => shared!;
}

/** To be called before the tests of each file: one that does not share has no further gateway in its process. */
export async function endSharing(): Promise<void> {
  if (!isWanted) await close();
  isWanted = false;
}

async function take(start: () => Promise<TestGateway>): Promise<TestGateway> {
  if (shared && !isAsNew(shared)) await close();
  return (shared ??= await start());
}

async function close(): Promise<void> {
  const ended = shared;
  shared = undefined;
  await ended?.close();
}

/** Returns false if an earlier file has left work behind, or its Codex had to be started again. */
function isAsNew({ running, log }: TestGateway): boolean {
  return running.running() === 0 && !log.lines.some((line) => line.includes('starting it again'));
}

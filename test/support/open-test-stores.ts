import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SessionStore } from '../../src/conversation/ports/session-store.ts';
import type { Store } from '../../src/conversation/ports/store.ts';
import { openStores, type StoresOptions } from '../../src/store/open-stores.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const PLENTY = { days: 30, count: 10_000 };

/** A new place for a store's file. */
export function storePath(): string {
  return join(temporaryFolder(), 'store.sqlite');
}

export interface TestStores {
  readonly path: string;
  forToken(token: string): Store;
  forEphemeralToken(token: string): Store;
  sessionsFor(mainToken: string, isEphemeral: boolean): SessionStore;
  forget(token: string): void;
  /** Safe to call again. */
  close(): void;
}

/** Opens stores that are closed when the running test ends; without a path, in a file of their own. */
export async function openTestStores(options: Partial<StoresOptions> = {}): Promise<TestStores> {
  const { path = storePath() } = options;
  const stores = await openStores({ retention: PLENTY, ...options, path });
  let open = true;
  function close(): void {
    if (open) stores.close();
    open = false;
  }
  onTestFinished(close);
  return { ...stores, path, close };
}

/** One caller's store in a file of its own. */
export async function openTestStore(options: Partial<StoresOptions> = {}): Promise<Store> {
  return (await openTestStores(options)).forToken('token');
}

const PLACE = 'codex-gateway-page';

/** For a browser that stores nothing: it stays signed in until its page is closed. */
let unstored = 'none';

/**
 * Returns the key that this page sends beside the cookie. Alone it is of no use, as the cookie is. It keeps other servers of this
 * host out: browsers send them the cookie, but show what is stored here to no other port.
 */
export function pageKey(): string {
  try {
    // Another tab may have signed in again.
    return localStorage.getItem(PLACE) ?? unstored;
  } catch {
    return unstored;
  }
}

/** Calls `listener` when another tab has signed in. */
export function onPageKey(listener: () => void, signal: AbortSignal): void {
  addEventListener('storage', ({ key }) => key === PLACE && listener(), { signal });
}

export function keepPageKey(key: string): void {
  unstored = key;
  try {
    localStorage.setItem(PLACE, key);
  } catch {
    // Kept above.
  }
}

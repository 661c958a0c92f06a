/** Users of something that is closed after the last of them, once another has taken over. */
export interface UseCount {
  /** Keeps it alive until the returned function is called. */
  acquire(): () => void;
  /** Returns true once another one has taken over. */
  isRetired(): boolean;
  /** Closes it as soon as nobody uses it; settles when that has happened. */
  retire(): Promise<void>;
}

export function closeWhenUnused(close: () => Promise<void>): UseCount {
  const unused = Promise.withResolvers<void>();
  let users = 0;
  let isRetired = false;
  function check() {
    if (isRetired && users === 0) unused.resolve();
  }
  return {
    acquire() {
      users += 1;
      return () => {
        users -= 1;
        check();
      };
    },
    isRetired: () => isRetired,
    async retire() {
      isRetired = true;
      check();
      await unused.promise;
      await close();
    },
  };
}

/** The requests that one side has made of the provider. */
export interface UpstreamCounts {
  readonly requests: number;
  readonly bytes: number;
  /** Number of distinct values of `prompt_cache_key`. */
  readonly cacheKeys: number;
}

export interface Tally {
  count(body: Buffer): void;
  /** Returns the counts, and begins again at zero. */
  take(): UpstreamCounts;
}

const KEY = '"prompt_cache_key":"';

export function createTally(): Tally {
  let requests = 0;
  let bytes = 0;
  let keys = new Set<string>();
  return {
    count(body) {
      requests += 1;
      bytes += body.length;
      const start = body.lastIndexOf(KEY);
      if (start === -1) return;
      const end = body.indexOf('"', start + KEY.length);
      keys.add(body.toString('latin1', start + KEY.length, end));
    },
    take() {
      const counts = { requests, bytes, cacheKeys: keys.size };
      requests = 0;
      bytes = 0;
      keys = new Set();
      return counts;
    },
  };
}

import { createRecentTimes, type RecentTimes } from './recent-times.ts';

/** Slows down those who guess tokens. */
export interface Guesses {
  /**
   * Counts a wrong token. Returns true if it is judged, and false if there were too many from its address, so that even the
   * answer that it is wrong would help.
   */
  judge(address: string): boolean;
}

/** Wrong tokens within a minute after which an address is slowed down. */
const FREE = 20;
const MINUTE_MS = 60_000;

/** Wrong tokens a second that are judged then. */
const SLOWED = 2;
const SECOND_MS = 1_000;

/** Maximum number of addresses that are remembered: the oldest are forgotten. */
const MAX_ADDRESSES = 4_096;

export function createGuesses(now: () => number = () => performance.now()): Guesses {
  const addresses = new Map<string, { minute: RecentTimes; second: RecentTimes }>();

  function timesOf(address: string) {
    const key = networkOf(address);
    const known = addresses.get(key);
    const times = known ?? {
      minute: createRecentTimes(MINUTE_MS, now),
      second: createRecentTimes(SECOND_MS, now),
    };
    // Moves to the end.
    addresses.delete(key);
    addresses.set(key, times);
    if (addresses.size > MAX_ADDRESSES) addresses.delete(addresses.keys().next().value!);
    return times;
  }

  return {
    judge(address) {
      const { minute, second } = timesOf(address);
      if (minute.count() >= FREE && second.count() >= SLOWED) return false;
      minute.add();
      second.add();
      return true;
    },
  };
}

/** Returns the first half of an IPv6 address: who has one of them has all. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}

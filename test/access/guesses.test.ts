import { describe, expect, it } from 'vitest';
import { createGuesses } from '../../src/access/guesses.ts';

/** Returns guesses with a clock that moves only when the test moves it, and counts those that are judged. */
function start() {
  let time = 0;
  const guesses = createGuesses(() => time);
  return {
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    guess: (count: number, address = '192.0.2.1') =>
      Array.from({ length: count }, () => guesses.judge(address)).filter((isJudged) => isJudged).length,
  };
}

describe('wrong tokens', () => {
  it('are judged up to 20 a minute', () => {
    const { guess } = start();
    expect(guess(20)).toBe(20);
    expect(guess(5)).toBe(0);
  });

  it('are judged two a second after that', () => {
    const { guess, wait } = start();
    guess(20);
    for (let second = 0; second < 5; second += 1) {
      wait(1_000);
      expect(guess(10)).toBe(2);
    }
  });

  it('are all judged again after a quiet minute', () => {
    const { guess, wait } = start();
    guess(30);
    wait(60_000);
    expect(guess(20)).toBe(20);
  });

  it('count for their address alone', () => {
    const { guess } = start();
    guess(30);
    expect(guess(1, '192.0.2.2')).toBe(1);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::7'],
    ['::ffff:192.0.2.9', '192.0.2.9'],
  ])('of %s and %s count together', (one, other) => {
    const { guess } = start();
    guess(20, one);
    expect(guess(1, other)).toBe(0);
  });

  it('of another IPv6 network do not count together', () => {
    const { guess } = start();
    guess(20, '2001:db8:1:2::1');
    expect(guess(1, '2001:db8:1:3::1')).toBe(1);
  });
});

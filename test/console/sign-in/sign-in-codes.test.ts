import { expect, it } from 'vitest';
import { CODE_SECONDS, createSignInCodes } from '../../../src/console/sign-in/sign-in-codes.ts';

const GRANT = { owner: 'main', scopes: ['console'], isReadOnly: false } as const;

function openCodes() {
  let time = 0;
  const codes = createSignInCodes(() => time);
  return { codes, wait: (seconds: number) => void (time += seconds * 1000) };
}

it('a code counts once', () => {
  const { codes } = openCodes();
  const code = codes.make(GRANT);
  expect(codes.take(code)).toEqual(GRANT);
  expect(codes.take(code)).toBeUndefined();
});

it('a code counts for a minute', () => {
  const { codes, wait } = openCodes();
  const [soon, late] = [codes.make(GRANT), codes.make(GRANT)];
  wait(CODE_SECONDS - 1);
  expect(codes.take(soon)).toEqual(GRANT);
  wait(1);
  expect(codes.take(late)).toBeUndefined();
});

it('nothing else passes for a code', () => {
  const { codes } = openCodes();
  const code = codes.make(GRANT);
  for (const wrong of ['', '__proto__', code.slice(1), `${code}=`]) expect(codes.take(wrong)).toBeUndefined();
});

it('codes that nobody uses are forgotten, the oldest first', () => {
  const { codes } = openCodes();
  const all = Array.from({ length: 101 }, () => codes.make(GRANT));
  expect(codes.take(all[0]!)).toBeUndefined();
  expect(codes.take(all[1]!)).toEqual(GRANT);
});

import { describe, expect, it } from 'vitest';
import { generateToken } from '../../../src/app/config/token.ts';
import { refuseWeakToken } from '../../../src/app/config/weak-token.ts';

const refuse = (value: string) => refuseWeakToken({ token: { value, source: 'config' } });

describe('a token is refused that', () => {
  it.each([
    ['is too short', 'x8Kf02mQp1-Zr4T', 'fewer than 16 characters'],
    ['repeats one character', 'a'.repeat(40), 'repeats one character'],
    ['repeats a few characters', 'abcabcabcabcabcabc', 'many people use'],
    ['is a word that many use, with numbers', 'password12345678', 'many people use'],
    ['is another word that many use, with numbers', 'changeme12345678', 'many people use'],
    ['is two words that many use, with numbers', 'LetMeIn-Dragon-2026', 'many people use'],
    ['is a row of keys, with numbers', 'qwerty1234567890', 'many people use'],
    ['is a placeholder', 'your-api-key-here', 'many people use'],
    ['is a placeholder in capitals', 'CHANGE_ME_CHANGE_ME', 'many people use'],
    ['is a row of digits', '0123456789012345', 'many people use'],
    ['is a row of digits backwards', '9876543210987654', 'many people use'],
    ['is a row of letters', 'abcdefghijklmnopqrst', 'many people use'],
    ['is a row of keys', 'qwertyuiopasdfghjkl', 'many people use'],
    ['is a zigzag over two rows of keys', '1q2w3e4r5t6y7u8i', 'many people use'],
    ['is a zigzag with Shift', 'Q!W@E#R$T%Y^U&I*', 'many people use'],
    ['goes down the columns of the keyboard', '1qaz2wsx3edc4rfv', 'many people use'],
    ['zigzags over the columns', 'zaq12wsxcde34rfv', 'many people use'],
    ['counts letters and digits in turn', 'a1b2c3d4e5f6g7h8', 'many people use'],
  ])('%s', (_name, token, message) => {
    expect(() => refuse(token)).toThrow(message);
    expect(() => refuse(token)).toThrow('The token of the config file');
  });
});

it.each([
  generateToken(),
  'x8Kf02mQp1-Zr4TU',
  'rewarded-treasure-fewer-dresses',
  'our-team-shares-42-codexes',
])('a token that is hard to guess is accepted: %s', (token) => {
  expect(() => refuse(token)).not.toThrow();
});

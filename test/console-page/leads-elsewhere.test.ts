import { expect, it } from 'vitest';
import { leadsElsewhere } from '../../console/api/leads-elsewhere.ts';

const BASES = [
  'http://127.0.0.1:8000/',
  'http://127.0.0.1:8000/?x#/sessions/a/b',
  'https://host.example/behind/',
];

it.each(['console/me', 'console/requests?search=a/../b', 'chat/sessions/1-a/diff', 'tools/v1/kb/search'])(
  'the path %s leads where it reads',
  (path) => {
    expect(BASES.map((base) => leadsElsewhere(path, base))).toEqual([false, false, false]);
  },
);

it.each([
  'chat/sessions/../../auth/device',
  'chat/sessions/%2e%2E/x',
  'chat/sessions/./x',
  'chat/sessions/..\\..\\auth',
  '/console/me',
  '//host.example/x',
  'http://host.example/x',
])('the path %s leads elsewhere', (path) => {
  expect(BASES.map((base) => leadsElsewhere(path, base))).toEqual([true, true, true]);
});

import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { followSignIns, session, signInProblem } from '../../console/app/session.ts';

/** The window of the page, as far as signing in needs one. */
const page = vi.hoisted(() => {
  const target = new EventTarget();
  const location = { pathname: '/', hash: '' };
  Object.assign(globalThis, {
    location,
    history: {
      replaceState: (_state: null, _title: string, url: string) => void (location.hash = url.slice(1)),
    },
    document: { baseURI: 'http://127.0.0.1:8000/' },
    addEventListener: target.addEventListener.bind(target),
  });
  return { target, location };
});

const ME = { name: 'browser-1', scopes: ['console'], read_only: false, version: '1' };

let isIn: boolean;

beforeEach(() => {
  isIn = false;
  page.location.hash = '';
  session.value = 'unknown';
  signInProblem.value = '';
  vi.stubGlobal('fetch', async (path: string, { body = '{}' }: { body?: string }) => {
    if (path === 'console/me') return isIn ? Response.json(ME) : refuse('invalid_api_key');
    if (!body.includes('good')) return refuse('sign_in_failed');
    isIn = true;
    return Response.json({ page_key: 'key' });
  });
  onTestFinished(followSignIns());
});

function refuse(code: string): Response {
  return Response.json({ error: { code, message: 'This link is old.' } }, { status: 401 });
}

/** Does what a person does who pastes a link into the address of an open tab. */
function paste(hash: string): void {
  const oldURL = `http://127.0.0.1:8000/${page.location.hash}`;
  page.location.hash = hash;
  page.target.dispatchEvent(Object.assign(new Event('hashchange'), { oldURL }));
}

it('a link that is pasted into an open tab signs it in, and its code leaves the address', async () => {
  await vi.waitUntil(() => session.value === 'signed-out');
  paste('#code=good');
  expect(page.location.hash).toBe('');
  await vi.waitUntil(() => typeof session.value === 'object');
  expect([session.value, signInProblem.value]).toEqual([ME, '']);
});

it('a link that no longer counts leaves a tab signed in, at its place, and says so', async () => {
  paste('#code=good');
  await vi.waitUntil(() => typeof session.value === 'object');
  paste('#/keys');
  paste('#code=used');
  expect(page.location.hash).toBe('#/keys');
  await vi.waitUntil(() => typeof session.value === 'object');
  expect(signInProblem.value).toBe('This link is old.');
});

it('a tab notices that another one has signed in', async () => {
  await vi.waitUntil(() => session.value === 'signed-out');
  isIn = true;
  page.target.dispatchEvent(Object.assign(new Event('storage'), { key: 'codex-gateway-page' }));
  await vi.waitUntil(() => typeof session.value === 'object');
  expect(session.value).toEqual(ME);
});

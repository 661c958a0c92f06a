import { describe, expect, it } from 'vitest';
import { decodeApprovalAnswer } from '../../../src/sessions/requests/approval-answer.ts';
import { decodeSessionQuery, encodePageEnd } from '../../../src/sessions/requests/list-query.ts';
import { decodeMessage, decodeSteer } from '../../../src/sessions/requests/message.ts';
import { decodeNewSession } from '../../../src/sessions/requests/new-session.ts';
import { decodeRuntimeConfig } from '../../../src/sessions/requests/provider-fields.ts';
import {
  decodeFork,
  decodeReview,
  decodeTurnQuery,
  decodeUndo,
} from '../../../src/sessions/requests/turn-requests.ts';

const DATA = 'data:text/plain;base64,aGk=';

/** JSON with more levels than can be written again. */
const DEEP: unknown = JSON.parse(`${'{"a":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);

describe('a new session', () => {
  it('is one of the default kind if the body says nothing, or has nothing but unknown fields', () => {
    const plain = decodeNewSession(undefined);
    expect(plain).toEqual({
      provider: { name: undefined, authMode: undefined, baseUrl: '', key: undefined },
      workspace: undefined,
      threadId: undefined,
      mode: 'workspace',
      context: {},
      review: 'edits',
      sandbox: 'workspace-write',
      tools: false,
      model: undefined,
    });
    expect(decodeNewSession({ title: 5, sandbox_policy: {} })).toEqual(plain);
  });

  it('takes null, an empty list, and an empty text where it cannot stand for a folder or a thread, for nothing', () => {
    const none = { workspace_root: null, thread_id: null };
    const empty = { ...none, mode: null, context: [], model: ' ', provider: '' };
    expect(decodeNewSession(empty)).toEqual(decodeNewSession({}));
  });

  it('takes each field by both of its names', () => {
    const long = { runtime_provider: 'vllm', provider_api_base_url: 'http://a/v1', provider_api_key: 'k' };
    const short = { provider: 'VLLM', base_url: 'http://a/v1', provider_api_key: 'k' };
    expect(decodeNewSession(long).provider).toEqual(decodeNewSession(short).provider);
  });
});

it.each([
  [decodeNewSession, 'mode', { mode: 'page' }],
  [decodeNewSession, 'mode', { mode: 5 }],
  [decodeNewSession, 'context', { context: ['a'] }],
  [decodeNewSession, 'context', { context: { long: 'x'.repeat(262_144) } }],
  [decodeNewSession, 'context', { context: DEEP }],
  [decodeNewSession, 'workspace_root', { workspace_root: 5 }],
  [decodeNewSession, 'workspace_root', { workspace_root: ' ' }],
  [decodeNewSession, 'thread_id', { thread_id: '' }],
  [decodeNewSession, 'review', { review: 'all' }],
  [decodeNewSession, 'sandbox', { sandbox: 'danger-full-access' }],
  [decodeNewSession, 'model', { model: 'm'.repeat(201) }],
  [decodeNewSession, 'thread_id', { thread_id: '../../secret' }],
  [decodeNewSession, 'runtime_provider', { runtime_provider: 'other' }],
  [decodeNewSession, 'provider', { provider: {} }],
  [decodeNewSession, 'auth_mode', { auth_mode: 'password' }],
  [decodeNewSession, 'base_url', { base_url: 'file:///etc/passwd' }],
  [decodeNewSession, 'base_url', { base_url: 'http://user:password@host/v1' }],
  [decodeNewSession, 'provider_api_base_url', { provider_api_base_url: 'https://host/v1?key=1' }],
  [decodeNewSession, 'provider_api_key', { provider_api_key: 'two\nlines' }],
  [decodeRuntimeConfig, 'default_model', { default_model: 5 }],
  [decodeRuntimeConfig, 'workspace_root', { workspace_root: [] }],
  [decodeMessage, 'message', { message: 5 }],
  [decodeMessage, 'message', { message: 'x'.repeat(1_048_577) }],
  [decodeMessage, 'message', { message: ' ', attachments: [{ name: 'a', data_url: '' }] }],
  [decodeMessage, 'mode', { message: 'a', mode: 'now' }],
  [decodeMessage, 'context', { message: 'a', context: 'b' }],
  [decodeMessage, 'attachments', { attachments: 'a' }],
  [decodeMessage, 'attachments', { attachments: Array.from({ length: 51 }, () => ({ data_url: DATA })) }],
  [decodeMessage, 'attachments[1].data_url', { attachments: [{ data_url: DATA }, { data_url: 5 }] }],
  [decodeMessage, 'attachments[0].data_url', { message: 'a', attachments: [{}] }],
  [decodeMessage, 'attachments[1].data_url', { attachments: [{ data_url: DATA }, { dataUrl: null }] }],
  [decodeSteer, 'message', {}],
  [decodeApprovalAnswer, 'decision', {}],
  [decodeApprovalAnswer, 'decision', { decision: 'accept' }],
  [decodeApprovalAnswer, 'content', { content: DEEP }],
  [decodeApprovalAnswer, 'request_id', { decision: 'allow', request_id: {} }],
  [decodeApprovalAnswer, 'answers.q1', { answers: { q1: 5 } }],
  [decodeApprovalAnswer, 'content', { content: 'yes' }],
  [decodeReview, 'target.type', { target: { type: 'everything' } }],
  [decodeReview, 'target.branch', { target: { type: 'baseBranch', branch: ' ' } }],
  [decodeReview, 'target.sha', { target: { type: 'commit', sha: '--output=/etc/passwd' } }],
  [decodeUndo, 'turn', {}],
  [decodeUndo, 'turn', { turn: 1 }],
  [decodeFork, 'last_turn_id', { last_turn_id: 1 }],
  [decodeTurnQuery, 'turn', { turn: ['a', 'b'] }],
  [decodeSessionQuery, 'limit', { limit: '0' }],
  [decodeSessionQuery, 'limit', { limit: 'many' }],
  [decodeSessionQuery, 'status', { status: 'busy' }],
  [decodeSessionQuery, 'after', { after: 'zzz' }],
])('%o names the wrong field %s', (decode: (value: unknown) => unknown, param, value) => {
  expect(() => decode(value)).toThrow(expect.objectContaining({ detail: { param } }));
});

it.each([decodeNewSession, decodeMessage, decodeApprovalAnswer, decodeRuntimeConfig, decodeReview])(
  'a body that is a list or a text is refused by %o',
  (decode: (value: unknown) => unknown) => {
    for (const body of [[], 'text', 5]) expect(() => decode(body)).toThrow('JSON object');
  },
);

it('a message takes attachments by the names of both kinds of clients', () => {
  const { attachments } = decodeMessage({
    attachments: [
      { name: ' a.txt ', mime_type: 'text/plain', data_url: DATA },
      { name: 'b.txt', mimeType: 'text/plain', dataUrl: DATA },
    ],
  });
  expect(attachments).toEqual([
    { name: 'a.txt', mime_type: 'text/plain', data_url: DATA },
    { name: 'b.txt', mime_type: 'text/plain', data_url: DATA },
  ]);
});

it('an answer is given by number or text, in any letter case, and one to a question needs no decision', () => {
  expect(decodeApprovalAnswer({ request_id: 0, decision: ' Allow ' })).toEqual({
    requestId: '0',
    answer: { decision: 'allow' },
  });
  expect(decodeApprovalAnswer({ answers: { one: 'a', two: ['b', 'c'] } })).toEqual({
    requestId: undefined,
    answer: { decision: 'allow', answers: { one: ['a'], two: ['b', 'c'] } },
  });
});

it('the end of a page is read as it was written', () => {
  const end = { id: crypto.randomUUID(), updatedAt: 1_700_000_000_123 };
  expect(decodeSessionQuery({ after: encodePageEnd(end), limit: '3', status: 'idle' })).toEqual({
    limit: 3,
    before: end,
    filter: { status: 'idle' },
  });
});

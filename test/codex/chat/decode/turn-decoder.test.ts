import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { createPassthroughTools } from '../../../../src/codex/chat/decode/passthrough-tools.ts';
import type { TurnNotification } from '../../../../src/codex/chat/decode/turn-notifications.ts';
import { createTurnDecoder } from '../../../../src/codex/chat/decode/turn-decoder.ts';
import type { TurnEvent } from '../../../../src/conversation/turn-event.ts';

const TRANSCRIPTS = new URL('../../transcripts/', import.meta.url);

/** Recorded notifications of one turn on the real app-server, after a history with a tool call in it. */
function readTranscript(name: string): TurnNotification[] {
  const lines = readFileSync(new URL(name, TRANSCRIPTS), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as TurnNotification);
}

/** Tools that the recorded turns offered in the provider's own format. */
const TOOLS: Readonly<Record<string, readonly JsonObject[]>> = {
  'native-calls.ndjson': [
    { type: 'function', name: 'exec_command' },
    { type: 'custom', name: 'apply_patch' },
    { type: 'namespace', name: 'clock', tools: [{ type: 'function', name: 'sleep' }] },
    { type: 'tool_search' },
    { type: 'web_search' },
  ],
  'search-by-the-provider.ndjson': [{ type: 'tool_search' }],
};

const createDecoder = (passthroughTools: readonly JsonObject[] = []) =>
  createTurnDecoder({
    signedOut: false,
    toCallerName: () => undefined,
    passthrough: createPassthroughTools({ model: 'm', items: [], passthroughTools }),
    offersTools: passthroughTools.length > 0,
    singleCall: false,
    webSearch: false,
    usedCallIds: [],
    model: 'gpt-x',
    contextLength: null,
    needsAccount: true,
    keyVariable: undefined,
    retryAfter: 5,
    command: 'codex-gateway',
    now: () => 0,
  });

/** The events of a transcript, and the error that ended it. */
function decodeAll(
  notifications: readonly TurnNotification[],
  passthroughTools?: readonly JsonObject[],
): unknown[] {
  const decoder = createDecoder(passthroughTools);
  const events: TurnEvent[] = [];
  const told: unknown[] = events;
  try {
    for (const notification of notifications) {
      decoder.decode(notification, events);
      if (events.at(-1)?.type === 'turn-end') break;
    }
  } catch (error) {
    const { code, message } = error as GatewayError;
    told.push({ error: code, message });
  }
  return told;
}

it.each(readdirSync(TRANSCRIPTS).filter((name) => name.endsWith('.ndjson')))(
  'decodes the transcript %s into the expected events',
  async (name) => {
    const events = decodeAll(readTranscript(name), TOOLS[name]);
    await expect(`${JSON.stringify(events, null, 2)}\n`).toMatchFileSnapshot(
      `../../transcripts/${name.replace('.ndjson', '.events.json')}`,
    );
  },
);

describe('an unusual notification', () => {
  it('that leaves out counters is counted with the ones it has', () => {
    const usage = { inputTokens: 3, outputTokens: 4 };
    const turn = { id: 'u', status: 'completed' };
    const events = decodeAll([
      { method: 'item/agentMessage/delta', params: { threadId: 't', itemId: 'i', delta: 'x' } },
      { method: 'rawResponse/completed', params: { threadId: 't', turnId: 'u', usage } },
      { method: 'rawResponse/completed', params: { threadId: 't', turnId: 'u', usage } },
      { method: 'turn/completed', params: { threadId: 't', turn } },
    ] as unknown as TurnNotification[]);
    expect(events).toEqual([
      { type: 'text-delta', text: 'x' },
      {
        type: 'turn-end',
        reason: 'stop',
        isComplete: true,
        usage: {
          inputTokens: 6,
          cachedInputTokens: 0,
          cacheWriteInputTokens: 0,
          outputTokens: 8,
          reasoningTokens: 0,
          totalTokens: 14,
        },
      },
    ]);
  });

  it('about rate limits sets the retry time by the last exhausted window', () => {
    const window = (usedPercent: number, resetsAt: number) => ({
      usedPercent,
      resetsAt,
      windowDurationMins: 1,
    });
    const rateLimits = { primary: window(3, 600), secondary: window(100, 4000) };
    const turn = { id: 'u', status: 'failed', error: { message: '', codexErrorInfo: 'usageLimitExceeded' } };
    const decoder = createDecoder();
    const report = { method: 'account/rateLimits/updated', params: { rateLimits } };
    decoder.decode(report as unknown as TurnNotification, []);
    const end = { method: 'turn/completed', params: { threadId: 't', turn } } as unknown as TurnNotification;
    expect(() => decoder.decode(end, [])).toThrow(
      expect.objectContaining({
        code: 'insufficient_quota',
        detail: expect.objectContaining({ retryAfter: 4000 }),
      }),
    );
  });

  it('that ends a turn as interrupted without a request is an error', () => {
    const turn = { id: 'u', status: 'interrupted' };
    const notification = {
      method: 'turn/completed',
      params: { threadId: 't', turn },
    } as unknown as TurnNotification;
    expect(() => createDecoder().decode(notification, [])).toThrow(GatewayError);
  });
});

describe('a warning that a WebSocket has failed', () => {
  const reason = 'stream disconnected before completion: websocket closed by server';
  const warn = (message: string): TurnNotification => ({
    method: 'warning',
    params: { threadId: 't', message },
  });
  const FELL_BACK = warn(`Falling back from WebSockets to HTTPS transport. ${reason}`);
  const START = { method: 'turn/started', params: { threadId: 't', turn: { id: 'u' } } } as TurnNotification;
  const begin = (type: string) =>
    ({
      method: 'item/started',
      params: { threadId: 't', turnId: 'u', item: { type, id: 'i' } },
    }) as TurnNotification;
  const raw = (turnId: string) =>
    ({
      method: 'rawResponseItem/completed',
      params: { threadId: 't', turnId, item: { type: 'reasoning', summary: [] } },
    }) as unknown as TurnNotification;

  it.each([
    ['nothing has come', [START]],
    ['only the echo of the conversation has come', [START, raw('auto-compact-0')]],
  ])('changes nothing as long as %s', (_what, before) => {
    expect(decodeAll([...before, FELL_BACK])).toEqual([]);
  });

  it.each([
    ['a message', begin('agentMessage')],
    ['reasoning', begin('reasoning')],
    ['an item in the form of the provider', raw('u')],
  ])('fails the turn once the model has begun %s', (_what, notification) => {
    expect(decodeAll([START, notification, FELL_BACK]).at(-1)).toMatchObject({ error: 'upstream_error' });
  });

  it('is not mistaken for any other warning', () => {
    expect(decodeAll([START, raw('u'), warn('Model metadata for `x` not found.')])).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { ResponseStatus, StoredResponse } from '../../../../src/conversation/ports/store.ts';
import { replayResponse } from '../../../../src/openai/responses/response/replay-response.ts';
import { refusalOf } from '../../../support/decode-response.ts';
import { readAll, typesOf } from '../../../support/write-response.ts';

const EVENTS = ['response.created', 'response.in_progress', 'response.completed'].map(
  (type, sequence_number) => ({ type, sequence_number }),
);
const ERROR = { code: 'server_error', message: 'boom', type: 'server_error', param: null };
const REASONING = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x' };

function createStored(status: ResponseStatus, more: Partial<StoredResponse> = {}): StoredResponse {
  const error = status === 'failed' ? ERROR : null;
  return {
    id: 'resp_1',
    status,
    body: { id: 'resp_1', status, error, output: [REASONING] },
    input: [],
    previousId: undefined,
    conversationId: undefined,
    background: true,
    createdAt: 1,
    ...more,
  };
}

const replay = (stored: StoredResponse, startingAfter = -1) =>
  replayResponse(stored, undefined, { startingAfter, include: new Set() });

describe('a response that is replayed', () => {
  it('has its stored events after the one that the client names', async () => {
    const stored = createStored('completed', { events: EVENTS });
    expect(await readAll(replay(stored).events)).toEqual(EVENTS);
    expect(await readAll(replay(stored, 1).events)).toEqual(EVENTS.slice(2));
    expect(await readAll(replay(stored, 9).events)).toEqual([]);
    expect(replay(stored).heartbeat()).toEqual([]);
  });

  it('has the events of its run while it runs', async () => {
    async function* live() {
      for (const event of EVENTS) yield [event];
    }
    const options = { startingAfter: 0, include: new Set<string>() };
    const { events } = replayResponse(createStored('in_progress'), live(), options);
    expect(await readAll(events)).toEqual(EVENTS.slice(1));
  });

  it.each([
    ['cancelled', ['response.incomplete']],
    ['failed', ['error', 'response.failed']],
  ] as const)('has a beginning and an end if its events are lost: %s', async (status, end) => {
    const events = await readAll(replay(createStored(status)).events);
    expect(typesOf(events)).toEqual(['response.created', 'response.in_progress', ...end]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events[0]).toMatchObject({ response: { status: 'in_progress', error: null } });
    const output = [{ type: 'reasoning', id: 'rs_1' }];
    expect(events.at(-1)?.response).toEqual({ ...createStored(status).body, output });
    const later = await readAll(replay(createStored(status), 6).events);
    expect(later.map(({ type, sequence_number }) => [type, sequence_number])).toEqual(
      end.map((type, index) => [type, 7 + index]),
    );
  });

  it.each([
    createStored('completed'),
    createStored('incomplete'),
    createStored('failed', { background: false }),
    createStored('cancelled', { background: false }),
  ])('is refused if its events are not known: $status, background $background', (stored) => {
    expect(refusalOf(() => replay(stored))).toEqual({
      code: 'unsupported_value',
      param: 'stream',
      message:
        "The events of 'resp_1' are not stored: only those of a response created with background=true are. Send the request without 'stream'.",
    });
  });
});

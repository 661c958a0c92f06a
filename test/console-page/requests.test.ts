import { expect, it } from 'vitest';
import { formatWhole } from '../../console/format/format-time.ts';
import { ALL, readFilter, writeFilter } from '../../console/pages/requests/filter.ts';
import { countRequests, followRequests } from '../../console/pages/requests/follow-requests.ts';
import { phasesOf } from '../../console/pages/requests/phases.ts';
import type { RequestPage, RequestRow } from '../../src/console/contract/requests.ts';

const ROW: RequestRow = {
  number: 0,
  id: 'req_0',
  time: 0,
  method: 'POST',
  path: '/v1/responses',
  model: null,
  asked_model: null,
  key: 'main',
  client: null,
  is_running: true,
  status: null,
  outcome: null,
  first_ms: null,
  total_ms: null,
  tokens: null,
};

const ENDED = { ...ROW, is_running: false, status: 200, outcome: 'ok', total_ms: 5, model: 'gpt-5.5' };

function pageOf(...requests: RequestRow[]): RequestPage {
  const count = requests.length;
  return {
    requests,
    matching: count,
    held: count,
    newest: requests[0]?.number ?? -1,
    count: 4,
    models: [],
    keys: ['main'],
    keeps_bodies: false,
  };
}

it('an event adds new requests at the top, brings others to their end, and keeps the list as long as it was asked for', () => {
  const page = pageOf({ ...ROW, number: 5 }, { ...ROW, number: 3 });
  const event = {
    requests: [
      { ...ENDED, number: 3 },
      { ...ROW, number: 6 },
      { ...ROW, number: 2 },
    ],
    newest: 13,
  };
  const followed = followRequests({ page, leftOut: 0 }, event, 2);
  expect(followed.page.requests.map(({ number, is_running }) => [number, is_running])).toEqual([
    [6, true],
    [5, true],
  ]);
  expect(followed.page).toMatchObject({ held: 4, matching: 4, models: ['gpt-5.5'], keys: ['main'] });
  expect(followed.leftOut).toBe(7);
  expect(followRequests({ page, leftOut: 0 }, event, 3).page.requests[2]).toEqual({ ...ENDED, number: 3 });
});

it('an event that is older than the list changes nothing that has ended, and counts nothing twice', () => {
  const list = { page: pageOf({ ...ENDED, number: 3 }), leftOut: 0 };
  const event = { requests: [{ ...ROW, number: 3 }], newest: 3 };
  expect(followRequests(list, event, 100)).toEqual(list);
  expect(followRequests(list, { requests: [], newest: 1 }, 100)).toEqual(list);
});

it('a list that stands still counts each new request once', () => {
  const list = { page: pageOf({ ...ROW, number: 3 }), leftOut: 2 };
  const event = { requests: [{ ...ROW, number: 4 }], newest: 6 };
  const counted = countRequests(list, event);
  expect(counted.leftOut).toBe(5);
  expect(counted.page.requests).toEqual(list.page.requests);
  expect(counted.page.held).toBe(1);
  expect(countRequests(counted, event)).toEqual(counted);
});

it('the time of a request is divided into what came before the turn, before the first token, and the answer', () => {
  const steps = [{ kind: 'turn-admitted', ms: 30 }];
  const names = (detail: Parameters<typeof phasesOf>[0]) =>
    phasesOf(detail).map(({ name, ms }) => [name, ms]);
  const ended = { is_running: false, total_ms: 100 };
  expect(names({ ...ended, steps, first_ms: 80 })).toEqual([
    ['before', 30],
    ['thinking', 50],
    ['answering', 20],
  ]);
  expect(names({ ...ended, steps, first_ms: null })).toEqual([
    ['before', 30],
    ['thinking', 70],
  ]);
  expect(names({ ...ended, steps: [], first_ms: 80 })).toEqual([
    ['thinking', 80],
    ['answering', 20],
  ]);
  expect(names({ ...ended, steps: [], first_ms: null })).toEqual([]);
  expect(names({ is_running: true, total_ms: null, steps, first_ms: 80 })).toEqual([]);
});

it('a filter comes back from its address as it was, and an address that makes no sense shows all', () => {
  const filter = { search: 'a & b? ', show: 'failed', model: 'gpt-5.5', key: '' } as const;
  expect(readFilter(writeFilter(filter))).toEqual(filter);
  expect(writeFilter(ALL)).toBe('');
  expect(readFilter('show=nonsense&other=1')).toEqual(ALL);
});

it('the time of a request that runs is shown in whole seconds, also if the clocks differ', () => {
  expect([-500, 999, 61_000].map(formatWhole)).toEqual(['0 s', '0 s', '1 min 1 s']);
});

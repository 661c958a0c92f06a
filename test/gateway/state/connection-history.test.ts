import { expect, it } from 'vitest';
import {
  createConnectionHistory,
  type ConnectionHistory,
} from '../../../src/gateway/state/connection-history.ts';
import { message, storedResponse } from '../../support/stored-response.ts';

const MUCH = 1_000_000;

const response = (id: string, previousId?: string, text = '') =>
  storedResponse(id, { previousId, input: [message(`in_${id}`, text)] });

const idsOf = (history: ConnectionHistory, previousId?: string) => [
  ...history.responsesFor(previousId).keys(),
];

it('remembers the last response of a stream and the responses that it continues', () => {
  const history = createConnectionHistory(MUCH);
  history.add(response('a'), undefined);
  history.add(response('b', 'a'), undefined);
  expect(idsOf(history)).toEqual(['a', 'b']);
  history.add(response('c', 'a'), undefined);
  expect(idsOf(history)).toEqual(['a', 'c']);
  history.add(response('d'), undefined);
  expect(idsOf(history)).toEqual(['d']);
});

it('remembers every stream, even when one continues a response of another', () => {
  const history = createConnectionHistory(MUCH);
  history.add(response('a'), 'one');
  history.add(response('b', 'a'), 'two');
  history.add(response('c', 'stored'), 'one');
  expect(idsOf(history)).toEqual(['a', 'b', 'c']);
  history.add(response('d'), 'two');
  expect(idsOf(history)).toEqual(['c', 'd']);
});

it('remembers at most 32 lanes and drops the one with the oldest response first', () => {
  const history = createConnectionHistory(MUCH);
  for (let stream = 0; stream < 32; stream += 1) history.add(response(`${stream}`), `${stream}`);
  history.add(response('again', '0'), '0');
  history.add(response('more'), 'more');
  expect(idsOf(history)).toHaveLength(33);
  expect(idsOf(history)).not.toContain('1');
});

it('forgets the oldest stream first when the size limit is exceeded', () => {
  const history = createConnectionHistory(2000);
  history.add(response('a', undefined, 'x'.repeat(600)), 'one');
  history.add(response('b', 'a', 'x'.repeat(600)), 'one');
  history.add(response('c', undefined, 'x'.repeat(600)), 'two');
  expect(idsOf(history)).toEqual(['c']);
  history.add(response('d', 'c', 'x'.repeat(2000)), 'two');
  expect(idsOf(history)).toEqual([]);
});

it('keeps a response that continues an evicted one', () => {
  const history = createConnectionHistory(MUCH);
  history.add(response('a'), 'one');
  history.add(response('b', 'a'), 'two');
  history.evict('a');
  expect(idsOf(history, 'a')).toEqual(['b']);
  expect(idsOf(history, 'b')).toEqual(['a', 'b']);
  history.evict('b');
  expect(idsOf(history)).toEqual([]);
});

it('changes nothing when an unknown response is evicted', () => {
  const history = createConnectionHistory(MUCH);
  history.add(response('a'), undefined);
  history.evict('b');
  expect(idsOf(history, 'b')).toEqual(['a']);
});

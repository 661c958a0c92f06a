import { expect, it } from 'vitest';
import {
  createConnectionMemory,
  type ConnectionMemory,
} from '../../../src/gateway/state/connection-memory.ts';
import { message, storedResponse } from '../../support/stored-response.ts';

const MUCH = 1_000_000;

const response = (id: string, previousId?: string, text = '') =>
  storedResponse(id, { previousId, input: [message(`in_${id}`, text)] });

const idsOf = (memory: ConnectionMemory, previousId?: string) => [...memory.knownTo(previousId).keys()];

it('remembers the last response of a lane and the responses that it continues', () => {
  const memory = createConnectionMemory(MUCH);
  memory.keep(response('a'), undefined);
  memory.keep(response('b', 'a'), undefined);
  expect(idsOf(memory)).toEqual(['a', 'b']);
  memory.keep(response('c', 'a'), undefined);
  expect(idsOf(memory)).toEqual(['a', 'c']);
  memory.keep(response('d'), undefined);
  expect(idsOf(memory)).toEqual(['d']);
});

it('remembers every lane, even when one continues a response of another', () => {
  const memory = createConnectionMemory(MUCH);
  memory.keep(response('a'), 'one');
  memory.keep(response('b', 'a'), 'two');
  memory.keep(response('c', 'stored'), 'one');
  expect(idsOf(memory)).toEqual(['a', 'b', 'c']);
  memory.keep(response('d'), 'two');
  expect(idsOf(memory)).toEqual(['c', 'd']);
});

it('remembers at most 32 lanes and drops the one with the oldest response first', () => {
  const memory = createConnectionMemory(MUCH);
  for (let lane = 0; lane < 32; lane += 1) memory.keep(response(`${lane}`), `${lane}`);
  memory.keep(response('again', '0'), '0');
  memory.keep(response('more'), 'more');
  expect(idsOf(memory)).toHaveLength(33);
  expect(idsOf(memory)).not.toContain('1');
});

it('forgets the oldest lane first when the size limit is exceeded', () => {
  const memory = createConnectionMemory(2000);
  memory.keep(response('a', undefined, 'x'.repeat(600)), 'one');
  memory.keep(response('b', 'a', 'x'.repeat(600)), 'one');
  memory.keep(response('c', undefined, 'x'.repeat(600)), 'two');
  expect(idsOf(memory)).toEqual(['c']);
  memory.keep(response('d', 'c', 'x'.repeat(2000)), 'two');
  expect(idsOf(memory)).toEqual([]);
});

it('keeps a response that continues an evicted one', () => {
  const memory = createConnectionMemory(MUCH);
  memory.keep(response('a'), 'one');
  memory.keep(response('b', 'a'), 'two');
  memory.evict('a');
  expect(idsOf(memory, 'a')).toEqual(['b']);
  expect(idsOf(memory, 'b')).toEqual(['a', 'b']);
  memory.evict('b');
  expect(idsOf(memory)).toEqual([]);
});

it('changes nothing when an unknown response is evicted', () => {
  const memory = createConnectionMemory(MUCH);
  memory.keep(response('a'), undefined);
  memory.evict('b');
  expect(idsOf(memory, 'b')).toEqual(['a']);
});

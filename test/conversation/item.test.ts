import { expect, it } from 'vitest';
import {
  createTextMessage,
  imagesOf,
  isRemote,
  partsOf,
  type ImagePart,
} from '../../src/conversation/item.ts';

const image = (url: string): ImagePart => ({ type: 'image', url, detail: 'auto', path: 'p' });

it('finds the images of messages and tool results in order', () => {
  const [first, second] = [image('https://a.test/1'), image('https://a.test/2')];
  const items = [
    { ...createTextMessage('user', 'look', 'm'), parts: [{ type: 'text', text: 'look' } as const, first] },
    { type: 'tool-call', callId: 'c', name: 'see', arguments: '{}', path: 'm' } as const,
    { type: 'tool-result', callId: 'c', parts: [second], path: 'm' } as const,
  ];
  expect(imagesOf(items)).toEqual([first, second]);
});

it('has no readable parts in calls and passthrough items', () => {
  expect(partsOf({ type: 'tool-call', callId: 'c', name: 'see', arguments: '{}', path: 'm' })).toEqual([]);
  expect(partsOf({ type: 'passthrough', item: { type: 'reasoning' }, path: 'm' })).toEqual([]);
});

it('treats an image as remote unless its URL holds the data', () => {
  expect(isRemote(image('https://a.test/1'))).toBe(true);
  expect(isRemote(image('DATA:image/png;base64,AA=='))).toBe(false);
});

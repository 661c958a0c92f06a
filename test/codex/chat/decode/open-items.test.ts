import { describe, expect, it } from 'vitest';
import { createOpenItems } from '../../../../src/codex/chat/decode/open-items.ts';

describe('open items', () => {
  it('an id that has not begun belongs to the item that began last', () => {
    const items = createOpenItems();
    items.begin('a');
    items.begin('b');
    expect(items.find('b2')).toBe('b');
    expect(items.end('b3')).toBe('b');
    expect(items.end('a2')).toBe('a');
  });

  it('an id that has begun is found before others, whatever began after it', () => {
    const items = createOpenItems();
    items.begin('a');
    items.begin('b');
    expect(items.end('a')).toBe('a');
    expect(items.find('b')).toBe('b');
  });

  it('an item without a beginning keeps its id', () => {
    const items = createOpenItems();
    items.begin('a');
    items.end('a');
    expect(items.find('b')).toBe('b');
    expect(items.end('b')).toBe('b');
  });
});

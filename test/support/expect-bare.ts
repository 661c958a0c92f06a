import { expect } from 'vitest';
import type { UpstreamRequest } from './upstream.ts';

/** Expects that a request to the provider contains the caller's word "hello", and no prompt or tool of Codex. */
export function expectBare({ body, bytes }: Pick<UpstreamRequest, 'body' | 'bytes'>): void {
  expect(body.tools ?? []).toEqual([]);
  expect(body.instructions ?? '').toBe('');
  expect(body.input).toEqual([
    {
      type: 'message',
      id: expect.any(String),
      role: 'user',
      content: [{ type: 'input_text', text: 'hello' }],
    },
  ]);
  expect(body).not.toHaveProperty('text');
  expect(bytes).toBeLessThanOrEqual(2000);
}

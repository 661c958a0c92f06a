import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  snapshotBody,
  type SnapshotOptions,
} from '../../../../src/upstream/copilot/diagnostics/body-snapshot.ts';

interface Snapshot {
  readonly bytes: { readonly total: number; readonly captured: number; readonly truncated: boolean };
  readonly format: string;
  readonly extracted: Readonly<Record<string, unknown>>;
  readonly content: unknown;
}

function snapshot(
  body: unknown,
  { level = 'full_content', contentBytes = 16_384, redact = (text) => text }: Partial<SnapshotOptions> = {},
  isEncoded = false,
): Snapshot {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return snapshotBody(bytes, isEncoded, { level, contentBytes, redact }) as Snapshot;
}

const REQUEST = {
  model: 'gpt-5.5',
  stream: true,
  store: false,
  reasoning: { effort: 'high', summary: 'auto' },
  include: ['reasoning.encrypted_content'],
  input: [{ type: 'message', role: 'user', content: 'hi' }],
  tools: [{ type: 'function', name: 'exec_command', parameters: { limit: 3 } }, { type: 'web_search' }],
};

describe('the snapshot of a body', () => {
  it('has everything in full_content', () => {
    const bytes = Buffer.byteLength(JSON.stringify(REQUEST));
    expect(snapshot(REQUEST)).toEqual({
      schema_version: 1,
      direction: 'request',
      content_level: 'full_content',
      bytes: { total: bytes, captured: bytes, truncated: false },
      format: 'json',
      extracted: {
        model: 'gpt-5.5',
        stream: true,
        store: false,
        reasoning_effort: 'high',
        reasoning_summary: 'auto',
        previous_response_id_present: false,
        include_count: 1,
        input_count: 1,
        tools: { count: 2, names: ['exec_command', 'web_search'] },
      },
      content: REQUEST,
    });
  });

  it('has no text of the body in content_redacted, but its structure, numbers and booleans', () => {
    const redacted = '<redacted-content>';
    const { extracted, content } = snapshot(REQUEST, { level: 'content_redacted' });
    expect(extracted).toEqual({
      model: redacted,
      stream: true,
      store: false,
      reasoning_effort: redacted,
      reasoning_summary: redacted,
      previous_response_id_present: false,
      include_count: 1,
      input_count: 1,
      tools: { count: 2, names: [redacted, redacted] },
    });
    expect(content).toEqual({
      model: redacted,
      stream: true,
      store: false,
      reasoning: { effort: redacted, summary: redacted },
      include: [redacted],
      input: [{ type: redacted, role: redacted, content: redacted }],
      tools: [{ type: redacted, name: redacted, parameters: { limit: 3 } }, { type: redacted }],
    });
  });

  it.each(['content_redacted', 'full_content'] as const)('has null for an absent field in %s', (level) => {
    expect(snapshot({ previous_response_id: 'resp_1' }, { level }).extracted).toEqual({
      model: null,
      stream: null,
      store: null,
      reasoning_effort: null,
      reasoning_summary: null,
      previous_response_id_present: true,
      include_count: null,
      input_count: null,
      tools: null,
    });
  });

  it('of a request as long as those of Codex is read as a whole, and cut after that', () => {
    const long = { ...REQUEST, input: [{ content: 'ü'.repeat(30_000) }] };
    const { bytes, extracted, content } = snapshot(long, { contentBytes: 1000 });
    expect(bytes.total).toBe(Buffer.byteLength(JSON.stringify(long)));
    expect(bytes.truncated).toBe(true);
    expect(bytes.captured).toBe(Buffer.byteLength(content as string));
    expect(bytes.captured).toBeGreaterThan(990);
    expect(bytes.captured).toBeLessThanOrEqual(1000);
    expect(extracted).toMatchObject({ model: 'gpt-5.5', reasoning_effort: 'high' });
  });

  it('says that less was written than came if texts were replaced by shorter ones', () => {
    const { bytes, content } = snapshot({ input: 'x'.repeat(100) }, { level: 'content_redacted' });
    expect(content).toEqual({ input: '<redacted-content>' });
    expect(bytes).toEqual({ total: 112, captured: 30, truncated: true });
  });

  it('has at most 20 names of tools', () => {
    const tools = Array.from({ length: 30 }, (_, index) => ({ type: 'function', name: `tool_${index}` }));
    const found = snapshot({ tools }).extracted.tools as { count: number; names: string[] };
    expect(found.count).toBe(30);
    expect(found.names).toEqual(tools.slice(0, 20).map(({ name }) => name));
  });

  it('is a text for a body that is not JSON, and nothing of it in content_redacted', () => {
    expect(snapshot('{"input":"hi"')).toMatchObject({
      format: 'text',
      bytes: { total: 13, captured: 13, truncated: false },
      content: '{"input":"hi"',
      extracted: { model: null, tools: null },
    });
    expect(snapshot('{"input":"hi"', { level: 'content_redacted' }).content).toBe('<redacted-content>');
    expect(snapshot('a'.repeat(100), { contentBytes: 10 })).toMatchObject({
      bytes: { total: 100, captured: 10, truncated: true },
      content: 'a'.repeat(10),
    });
  });

  it('is empty for a body with a content-encoding, which is not inspected', () => {
    expect(snapshot({ model: 'a' }, {}, true)).toMatchObject({
      format: 'text',
      bytes: { total: 13, captured: 0, truncated: true },
      content: '',
      extracted: { model: null },
    });
  });

  it.each([
    ['a million arrays', '['.repeat(1e6) + ']'.repeat(1e6)],
    ['a thousand objects', '{"a":'.repeat(1000) + '1' + '}'.repeat(1000)],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nothing', ''],
    ['a text alone', '"a"'],
    ['null', 'null'],
  ])('exists for %s', (_name, body) => {
    expect(snapshot(body).bytes.total).toBe(body.length);
  });

  it('never has more of a body than it may, for any body', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 60 }), fc.boolean(), (text, contentBytes, isFull) => {
        const level = isFull ? 'full_content' : 'content_redacted';
        const { bytes, content } = snapshot(text, { contentBytes, level });
        expect(bytes.captured).toBeLessThanOrEqual(contentBytes);
        expect(bytes.truncated).toBe(bytes.captured < bytes.total);
        if (isFull && typeof content !== 'string') expect(content).toEqual(JSON.parse(text));
      }),
    );
  });

  it('has no secret in a text or key, even where the room ends', () => {
    const redact = (text: string) => text.replaceAll('SECRET', '<x>');
    const body = { SECRET: 'a SECRET', list: ['SECRET'] };
    for (let contentBytes = 0; contentBytes < 60; contentBytes += 1) {
      const { content } = snapshot(body, { contentBytes, redact });
      expect(JSON.stringify(content)).not.toMatch(/SE/);
      expect(JSON.stringify(snapshot('not JSON: SECRET', { contentBytes, redact }))).not.toMatch(/SE/);
    }
  });
});

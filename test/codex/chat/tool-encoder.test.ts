import { describe, expect, it } from 'vitest';
import { encodeTools } from '../../../src/codex/chat/encode/encode-tools.ts';
import { createToolEncoder } from '../../../src/codex/chat/tool-encoder.ts';
import { runAtOnce } from '../../support/run-at-once.ts';
import { sampleTool } from '../../support/sample-tool.ts';

describe('the encoder of tools', () => {
  const NEVER = new AbortController().signal;

  it('encodes the same tools once', async () => {
    const encoder = createToolEncoder();
    const first = await encoder.encode([sampleTool()], NEVER);
    expect(await encoder.encode([sampleTool()], NEVER)).toBe(first);
    expect(first.specs).toEqual(runAtOnce(encodeTools([sampleTool()])).specs);
  });

  it.each([
    ['name', sampleTool({ name: 'other' })],
    ['description', sampleTool({ description: 'Something else.' })],
    ['parameters', sampleTool({ parameters: { type: 'object', properties: { city: {} } } })],
    ['strictness', sampleTool({ strict: true })],
    ['place in the request', sampleTool({ path: 'tools[7]' })],
  ])('encodes tools with another %s anew', async (_what, other) => {
    const encoder = createToolEncoder();
    const first = await encoder.encode([sampleTool()], NEVER);
    const second = await encoder.encode([other], NEVER);
    expect(second.key).not.toBe(first.key);
    const { specs, adjustments } = runAtOnce(encodeTools([other]));
    expect(second).toMatchObject({ specs, adjustments });
  });

  it('forgets the tools that were not used for longest', async () => {
    const encoder = createToolEncoder();
    const named = async (count: number) => await encoder.encode([sampleTool({ name: `t${count}` })], NEVER);
    const first = await named(0);
    const second = await named(1);
    for (let count = 2; count < 16; count += 1) await named(count);
    expect(await named(0)).toBe(first);
    await named(16);
    expect(await named(0)).toBe(first);
    expect(await named(1)).not.toBe(second);
  });

  it('gives the same tools the same short key, also after they were forgotten', async () => {
    const long = sampleTool({ description: 'x'.repeat(100_000) });
    const first = await createToolEncoder().encode([long], NEVER);
    const second = await createToolEncoder().encode([long], NEVER);
    expect(second.key).toBe(first.key);
    expect(first.key?.length).toBeLessThan(100);
  });

  it('gives no key to very long tools, and remembers none of them', async () => {
    const encoder = createToolEncoder();
    const long = sampleTool({ description: 'x'.repeat(300_000) });
    const first = await encoder.encode([long], NEVER);
    expect(first.key).toBeUndefined();
    expect(await encoder.encode([long], NEVER)).not.toBe(first);
  });
});

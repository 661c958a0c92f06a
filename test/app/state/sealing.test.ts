import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSealing } from '../../../src/app/state/sealing.ts';
import { createFolder } from '../../support/temporary-folder.ts';

const TEXT = 'what was said: 日本語 🙂\0';

let folder: string;
const keyFile = () => join(folder, 'sealing.key');
const open = async () => await openSealing(folder);
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a sealed text', () => {
  it('can be read by the gateway that sealed it, even after a restart', async () => {
    const sealed = (await open()).seal(TEXT);
    expect((await open()).unseal(sealed)).toBe(TEXT);
  });

  it.each(['', 'a', 'x'.repeat(100_000)])('can have any length: case %#', async (text) => {
    const { seal, unseal } = await open();
    expect(unseal(seal(text))).toBe(text);
  });

  it('reveals nothing of its content, not even that two texts are equal', async () => {
    const { seal } = await open();
    const sealed = [seal(TEXT), seal(TEXT)];
    expect(new Set(sealed).size).toBe(2);
    expect(Buffer.from(sealed[0]!, 'base64').includes('what was said')).toBe(false);
    expect(sealed[0]).toMatch(/^[\w.-]+$/);
  });

  it('cannot be read after any change to it', async () => {
    const { seal, unseal } = await open();
    const sealed = seal('short');
    for (let place = 0; place < sealed.length; place += 1) {
      const other = sealed[place] === 'A' ? 'B' : 'A';
      expect(unseal(`${sealed.slice(0, place)}${other}${sealed.slice(place + 1)}`)).toBeUndefined();
    }
    expect(unseal(`${sealed}A`)).toBeUndefined();
    expect(unseal(`${sealed}*`)).toBeUndefined();
    expect(unseal(sealed.slice(0, -1))).toBeUndefined();
  });

  it.each(['', 'gAAAAABo', 'codex-gateway.1.', 'codex-gateway.1.AAAA', 'codex-gateway.2.AAAA'])(
    'is never a text that something else wrote: %j',
    async (other) => {
      expect((await open()).unseal(other)).toBeUndefined();
    },
  );

  it('cannot be read by a gateway with another key', async () => {
    const sealed = (await open()).seal(TEXT);
    rmSync(keyFile());
    expect((await open()).unseal(sealed)).toBeUndefined();
  });
});

describe('the sealing key', () => {
  it('is private to its user, even if its file was open to others', async () => {
    await open();
    expect(statSync(keyFile())).toMatchObject({ size: 32, mode: 0o100600 });
    chmodSync(keyFile(), 0o644);
    await open();
    expect(statSync(keyFile()).mode).toBe(0o100600);
  });

  it('is the same for gateways that start at the same time, without leftover files', async () => {
    const sealings = await Promise.all(Array.from({ length: 20 }, open));
    const sealed = sealings[0]!.seal(TEXT);
    expect(sealings.map(({ unseal }) => unseal(sealed))).toEqual(sealings.map(() => TEXT));
    expect(readdirSync(folder)).toEqual(['sealing.key']);
  });

  it('stops the start when its file is damaged, and is not overwritten', async () => {
    await open();
    writeFileSync(keyFile(), 'short');
    await expect(open()).rejects.toThrow('sealing.key is damaged; move it away');
    expect(statSync(keyFile()).size).toBe(5);
  });

  it('stops the start when its file cannot be read', async () => {
    mkdirSync(keyFile());
    await expect(open()).rejects.toMatchObject({ name: 'StartupError' });
  });
});

import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createConfigEditor, type ConfigEditor } from '../../../src/app/config/config-editor.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const TEXT = '{\n  "token": "test-token-of-this-suite",\n  "port": 8000\n}\n';

function write(text = TEXT, mode = 0o600): { readonly path: string; readonly editor: ConfigEditor } {
  const path = join(temporaryFolder(), 'config.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return { path, editor: createConfigEditor(path) };
}

/** Sets one key, with the version of the file that the editor reads now. */
async function set(editor: ConfigEditor, key: string, value: unknown, version?: string) {
  return await editor.edit({
    version: version ?? (await editor.read()).version,
    changes: () => [{ path: [key], value }],
    check: async () => {},
  });
}

it('an edit writes the file with its owner and rights, and returns what it holds', async () => {
  const { path, editor } = write(TEXT, 0o640);
  expect(await set(editor, 'port', 9000)).toMatchObject({ port: 9000, host: '127.0.0.1' });
  expect(readFileSync(path, 'utf8')).toBe(TEXT.replace('8000', '9000'));
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

it('an edit keeps the mark at the beginning that some editors write', async () => {
  const { path, editor } = write(`\uFEFF${TEXT}`);
  await set(editor, 'port', 9000);
  expect(readFileSync(path, 'utf8')).toBe(`\uFEFF${TEXT.replace('8000', '9000')}`);
});

it('a file that somebody else has changed is not overwritten', async () => {
  const { path, editor } = write();
  const { version } = await editor.read();
  const other = TEXT.replace('8000', '8001');
  writeFileSync(path, other);
  await expect(set(editor, 'port', 9000, version)).rejects.toMatchObject({ code: 'config_changed' });
  expect(readFileSync(path, 'utf8')).toBe(other);
});

it('a file that somebody else changes while an edit is checked is not overwritten', async () => {
  const { path, editor } = write();
  const { version } = await editor.read();
  const other = TEXT.replace('8000', '8001');
  const edit = editor.edit({
    version,
    changes: () => [{ path: ['port'], value: 9000 }],
    check: async () => writeFileSync(path, other),
  });
  await expect(edit).rejects.toMatchObject({ code: 'config_changed' });
  expect(readFileSync(path, 'utf8')).toBe(other);
});

it('of two edits of one version the second is refused', async () => {
  const { path, editor } = write();
  const { version } = await editor.read();
  const edits = [set(editor, 'port', 9000, version), set(editor, 'port', 9001, version)];
  const outcomes = await Promise.allSettled(edits);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(readFileSync(path, 'utf8')).toBe(TEXT.replace('8000', '9000'));
});

it('the version tells nothing about the file', async () => {
  const { path, editor } = write();
  expect((await editor.read()).version).not.toBe((await createConfigEditor(path).read()).version);
});

it('a file that does not exist is made for its owner alone, and its folder too', async () => {
  const path = join(temporaryFolder(), 'codex-gateway/config.json');
  const editor = createConfigEditor(path);
  expect(await editor.read()).toMatchObject({ exists: false, problem: undefined, values: {} });
  await set(editor, 'port', 9000);
  expect(readFileSync(path, 'utf8')).toBe('{\n  "port": 9000\n}\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a file that appears meanwhile is not overwritten', async () => {
  const path = join(temporaryFolder(), 'config.json');
  const editor = createConfigEditor(path);
  const { version } = await editor.read();
  const late = editor.edit({
    version,
    changes: () => [{ path: ['port'], value: 9000 }],
    check: async () => writeFileSync(path, TEXT),
  });
  await expect(late).rejects.toMatchObject({ code: 'config_changed' });
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
});

it('a link stays a link, and the file behind it is changed', async () => {
  const { path } = write();
  const link = join(temporaryFolder(), 'config.json');
  symlinkSync(path, link);
  await set(createConfigEditor(link), 'port', 9000);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(TEXT.replace('8000', '9000'));
});

it('a link that leads nowhere is refused', async () => {
  const folder = temporaryFolder();
  const link = join(folder, 'config.json');
  symlinkSync(join(folder, 'gone.json'), link);
  const editor = createConfigEditor(link);
  await expect(set(editor, 'port', 9000)).rejects.toMatchObject({ code: 'config_not_writable' });
  expect(existsSync(join(folder, 'gone.json'))).toBe(false);
});

it('a read-only file is refused, also for the superuser', async () => {
  const { path, editor } = write(TEXT, 0o400);
  await expect(set(editor, 'port', 9000)).rejects.toMatchObject({
    code: 'config_not_writable',
    message: 'The config file is read-only; make it writable to change it here.',
  });
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
});

it.each([
  ['not JSON', '{ "port": 8000, }', 'not valid JSON at line 1'],
  ['wrong', '{ "prot": 8000 }', "unknown key 'prot'"],
])('a file that is %s is refused, with what is wrong, until it is mended', async (_, text, problem) => {
  const { path, editor } = write(text);
  const refusal = set(editor, 'port', 9000);
  await expect(refusal).rejects.toMatchObject({ code: 'config_not_writable' });
  await expect(refusal).rejects.toThrow(problem);
  await expect(refusal).rejects.not.toThrow(path);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it.each([
  ['a value that its schema refuses', 'port', 70_000, "'port'"],
  ['an unknown key', 'prot', 1, "unknown key 'prot'. Did you mean 'port'?"],
])('%s is refused before it is written', async (_, key, value, problem) => {
  const { path, editor } = write();
  const refusal = set(editor, key, value);
  await expect(refusal).rejects.toMatchObject({ code: 'invalid_value' });
  await expect(refusal).rejects.toThrow(/^Nothing was written: /);
  await expect(refusal).rejects.toThrow(problem);
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
});

it('an edit is not written if the gateway could not start with it', async () => {
  const { path, editor } = write();
  const { version } = await editor.read();
  const refusal = editor.edit({
    version,
    changes: () => [{ path: ['port'], value: 9000 }],
    check: async () => {
      throw new Error('no');
    },
  });
  await expect(refusal).rejects.toThrow('no');
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
});

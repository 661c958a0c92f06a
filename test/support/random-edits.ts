import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

/** One edit of a folder; an edit that is not possible there does nothing. */
export interface RandomEdit {
  readonly kind: 'write' | 'link' | 'folder' | 'remove' | 'move' | 'mode';
  readonly path: string;
  readonly other: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

const name = fc.constantFrom('a', 'A', 'Ä ö', `x\ny"q' \\…`);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const text = fc
  .array(fc.constantFrom('one', 'two', '', 'drei ü', '\\', '-'), { maxLength: 6 })
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

/** Edits with names and contents of all kinds. */
export const randomEdits: fc.Arbitrary<RandomEdit[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('write', 'write', 'write', 'link', 'folder', 'remove', 'move', 'mode'),
    path,
    other: path,
    content: fc.oneof(
      text.map((value) => new TextEncoder().encode(value)),
      fc.uint8Array({ maxLength: 8 }),
    ),
    mode: fc.constantFrom(0o644, 0o755, 0o600, 0o700),
  }),
  { maxLength: 12 },
);

/** Makes the edits in a folder. */
export function edit(folder: string, edits: readonly RandomEdit[]): void {
  for (const entry of edits) {
    try {
      editOnce(join(folder, entry.path), folder, entry);
    } catch {
      // Such as a file below another.
    }
  }
}

function editOnce(place: string, folder: string, { kind, other, content, mode }: RandomEdit): void {
  const target = join(folder, other);
  const makeParent = (child: string) => mkdirSync(join(child, '..'), { recursive: true });
  switch (kind) {
    case 'write':
      makeParent(place);
      return writeFileSync(place, content, { mode });
    case 'link':
      makeParent(place);
      return symlinkSync(other, place);
    case 'folder':
      mkdirSync(place, { recursive: true, mode: mode | 0o700 });
      return;
    case 'remove':
      return rmSync(place, { recursive: true, force: true });
    case 'move':
      makeParent(target);
      return renameSync(place, target);
    case 'mode':
      return chmodSync(place, mode | 0o600);
  }
}

/** A file as a snapshot knows it. */
export interface FileEntry {
  readonly type: 'file';
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Times and inode: while these stay the same, the content does too. Missing if the file was written while it was read. */
  readonly stamp?: string;
  /** SHA-256 of the content. Missing if a limit left the content out. */
  readonly digest?: string;
}

/** Everything about a path that a snapshot compares. */
export type Entry =
  | FileEntry
  | { readonly type: 'link'; readonly target: string }
  | {
      readonly type: 'folder';
      readonly mode: number;
      /** True if a limit left out everything that the folder contains. */
      readonly isUnread?: true;
    }
  // A pipe, socket or device.
  | { readonly type: 'special'; readonly mode: number };

/** Reasons why a snapshot does not contain something. */
export type SkipReason =
  | 'too_many_files'
  | 'too_many_bytes'
  | 'file_too_large'
  | 'unreadable'
  | 'name_not_utf8';

export interface SkippedPath {
  readonly path: string;
  readonly reason: SkipReason;
}

/** Returns true if both mean the same on disk. */
export function isSameEntry(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.type === 'link') return other.type === 'link' && one.target === other.target;
  if (other.type === 'link' || one.type !== other.type || one.mode !== other.mode) return false;
  return one.type !== 'file' || other.type !== 'file' || hasSameContent(one, other);
}

function hasSameContent(one: FileEntry, other: FileEntry): boolean {
  if (one.digest !== undefined && other.digest !== undefined) return one.digest === other.digest;
  return one.stamp !== undefined && one.stamp === other.stamp;
}

/** Returns true if a path lies in a folder, at any depth; both are absolute and have no links, `.` or `..` in them. */
export function isBelow(folder: string, path: string): boolean {
  return path.startsWith(`${folder.replace(/\/$/, '')}/`);
}

const LINK = /^#code=([\w-]+)$/;

/** Returns the one-time code of a link that signs in; undefined for any other address. */
export function codeIn(hash: string): string | undefined {
  return LINK.exec(hash)?.[1];
}

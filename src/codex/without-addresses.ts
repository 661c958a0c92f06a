/** Takes URLs and file paths out of a message that Codex wrote, and what would be left hanging. */
export function withoutAddresses(message: string): string {
  return message
    .replaceAll(/,? url: \S+| for url \(\S+\)/g, '')
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replaceAll(/(^|[\s"'`(=])(?:~|\.{1,2})?(?:\/[^\s"'`)/:,]+){2,}\/?/g, '$1…')
    .trim();
}

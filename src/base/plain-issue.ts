/** Returns zod's message for a wrong value in plain words: without its prefix, and with alternatives set apart by commas. */
export function plainIssue(message: string): string {
  return message.replace(/^Invalid (?:input|option): /, '').replaceAll('"|"', '", "');
}

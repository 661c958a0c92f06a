import { text } from 'node:stream/consumers';

/** Reads what is piped in; an empty text where a terminal is there in its place. */
export async function readInput(): Promise<string> {
  return process.stdin.isTTY ? '' : await text(process.stdin);
}

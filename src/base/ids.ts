/** Creates a unique id with an OpenAI-style prefix, such as `chatcmpl-3f2a…`. */
export function createId(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll('-', '')}`;
}

import { createRequire } from 'node:module';

/** The gateway's own version, from package.json. */
export const VERSION = (createRequire(import.meta.url)('../../../package.json') as { version: string })
  .version;

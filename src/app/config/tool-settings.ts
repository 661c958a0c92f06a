import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { isLoopbackHost } from '../../upstream/copilot/transport/urls.ts';

const words = z.array(z.string().min(1)).min(1).readonly();

/** Schema of `tools`: what the internal tools may read, run and change. */
export const toolsSchema = z.strictObject({
  /** Globs of the documents that `kb.search` searches; relative ones begin at the folder of the config file. */
  knowledge: words.optional(),
  hygiene: z
    .strictObject({
      /** A text that the first ten lines of a new source file must hold. */
      licenseHeader: z.string().min(1).optional(),
    })
    .prefault({}),
  /** The commands of `tests.run`, by the names of their targets. */
  tests: z
    .record(
      z.string().min(1),
      z.strictObject({
        /** A program and its arguments. */
        command: words,
        cwd: z.string().min(1),
        report: z.enum(['tap', 'junit', 'vitest']),
        /** File below `cwd` that holds the report; standard output otherwise. */
        reportFile: z.string().min(1).refine(isBelow, 'expected a path below cwd').optional(),
        timeoutSeconds: z.int().min(1).max(3600).optional(),
      }),
    )
    .optional(),
  /** Clones in which `git.create_pr` finds branches, by the names of their repositories. */
  repositories: z
    .record(
      z.string().regex(/^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/, "expected a name such as 'owner/name'"),
      z.strictObject({
        path: z.string().min(1),
        remote: z.string().min(1).default('origin'),
        /** Branches into which a pull request may lead; `*` stands for any characters. */
        bases: words.default(['main']),
        /** Branches that may be pushed. */
        branches: words.default(['agent/*']),
      }),
    )
    .optional(),
  github: z
    .strictObject({
      apiUrl: z
        .url()
        .refine(isApiUrl, {
          error: 'expected an address that begins with https (or http on this machine), without a query',
        })
        .default('https://api.github.com'),
      /** A file, or else a variable, that holds GitHub's token. */
      tokenFile: z.string().min(1).optional(),
      tokenEnv: z.string().min(1).optional(),
    })
    .refine(({ tokenFile, tokenEnv }) => tokenFile === undefined || tokenEnv === undefined, {
      error: 'expected either tokenFile or tokenEnv, not both',
    })
    .prefault({}),
  /** Modules with further tools. */
  modules: words.optional(),
  /** Calls of one key to one tool. */
  rateLimit: z
    .strictObject({
      perSecond: z.number().positive().max(1000).default(5),
      burst: z.int().positive().max(10_000).default(20),
    })
    .prefault({}),
});

/** Returns true for a relative path that does not lead out of its folder. */
function isBelow(path: string): boolean {
  const plain = normalize(path);
  return !isAbsolute(path) && plain !== '.' && plain !== '..' && !plain.startsWith('../');
}

/** Returns true for a base URL to which a token may be sent. */
function isApiUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    return false;
  }
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

export type ToolSettings = z.output<typeof toolsSchema>;

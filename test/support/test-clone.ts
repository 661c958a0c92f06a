import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** The variables with which git knows nothing of this machine. */
export function gitVariables(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}

const SCRIPT = `set -e
git init -q --template= --bare -b main remote.git
git init -q --template= -b main clone
cd clone
git remote add origin ../remote.git
printf 'one\\n' > a.txt; git add a.txt; git commit -q -m one
git push -q origin main
git branch -q agent/fix; git symbolic-ref HEAD refs/heads/agent/fix
printf 'two\\n' >> a.txt; git commit -q -a -m two
git checkout -q main
mkdir .git/hooks ../remote.git/hooks`;

/** Folder with both repositories, for each test to copy; it outlives a run, since to make them takes long. */
function keptRepositories(env: Record<string, string>): string {
  const kept = `${CACHE}repositories-${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 16)}`;
  if (existsSync(kept)) return kept;
  // Several processes of a run may do this at the same time.
  const draft = `${kept}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  execFileSync('sh', ['-c', SCRIPT], { cwd: draft, env });
  try {
    renameSync(draft, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(draft, { recursive: true });
  }
  return kept;
}

/** A clone with the branches `main` and `agent/fix`, and a bare repository as its remote, which has `main` only. */
export function createTestClone() {
  const folder = temporaryFolder();
  const [remote, clone] = [join(folder, 'remote.git'), join(folder, 'clone')];
  const names = ['AUTHOR_NAME', 'AUTHOR_EMAIL', 'COMMITTER_NAME', 'COMMITTER_EMAIL'];
  const env = {
    ...gitVariables(folder),
    ...Object.fromEntries(names.map((name) => [`GIT_${name}`, 'test'])),
  };
  const call = (cwd: string, program: string, args: readonly string[]) =>
    execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  const git = (...args: string[]) => call(clone, 'git', args);
  cpSync(keptRepositories(env), folder, { recursive: true });
  return {
    folder,
    clone,
    remote,
    git,
    inRemote: (...args: string[]) => call(remote, 'git', args),
    /** Commits a file to a new branch, which is then checked out. */
    commit(file: string, text: string, branch: string): void {
      git('checkout', '-q', '-B', branch);
      writeFileSync(join(clone, file), text);
      git('add', '-A');
      git('commit', '-q', '-m', `change ${file}`);
    },
  };
}

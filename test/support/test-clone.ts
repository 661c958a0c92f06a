import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** The variables with which git knows nothing of this machine. */
export function gitVariables(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}

/** Makes both repositories with one start of a shell, since each start takes long on a busy machine. */
const SCRIPT = `set -e
git init -q --bare -b main remote.git
git init -q -b main clone
cd clone
git remote add origin ../remote.git
printf 'one\\n' > a.txt; git add a.txt; git commit -q -m one
git push -q origin main
git branch -q agent/fix; git symbolic-ref HEAD refs/heads/agent/fix
printf 'two\\n' >> a.txt; git commit -q -a -m two
git checkout -q main`;

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
  call(folder, 'sh', ['-c', SCRIPT]);
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

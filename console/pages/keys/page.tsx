import { useState } from 'preact/hooks';
import type { ListedKeys } from '../../../src/console/contract/tokens.ts';
import { OpenCommand } from '../../app/open-command.tsx';
import { mayChange } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { AddKey } from './add-key.tsx';
import { BrowserTable } from './browser-table.tsx';
import { KeyTable } from './key-table.tsx';
import './keys.css';

/** Shows the keys that let programs in, and the browsers that are signed in. */
export function Page() {
  const { value: list, problem, reload } = useLoaded<ListedKeys>('console/tokens', 'tokens');
  const [isAdding, setIsAdding] = useState(false);
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (list === undefined) return <p class="muted">Loading…</p>;
  const { tokens, broken, grantable } = list;
  return (
    <>
      {broken.map(({ name, problem: reason }) => (
        <Notice key={name} kind="warning">
          The key {name} cannot be read ({reason}). Revoke it and add it again.
        </Notice>
      ))}
      <p>Each person and each program can have a key of its own, with what it leads to, an end and limits.</p>
      {!mayChange() ? (
        <p class="muted">This browser is signed in to look only.</p>
      ) : grantable.length === 0 ? (
        <p class="muted">
          This browser was signed in with a key that has an end or limits, so it adds no keys.
        </p>
      ) : (
        <p>
          <Button onClick={() => setIsAdding(true)}>Add a key</Button>
        </p>
      )}
      <KeyTable keys={tokens.filter(({ browser }) => browser === null)} onChange={reload} />
      <h2 id="browsers">Browsers</h2>
      <p>
        These are signed in to the console. <OpenCommand /> signs in another one.
      </p>
      <BrowserTable browsers={tokens.filter(({ browser }) => browser !== null)} onChange={reload} />
      {isAdding && <AddKey grantable={grantable} onChange={reload} onClose={() => setIsAdding(false)} />}
    </>
  );
}

import { useState } from 'preact/hooks';
import type { AddedKey, NewKey } from '../../../src/console/contract/tokens.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { KeyForm } from './key-form.tsx';

interface AddKeyProps {
  /** Scopes that this browser can give. */
  readonly grantable: readonly string[];
  onChange(): Promise<void>;
  onClose(): void;
}

/** Asks what a new key may do, adds it, and shows it once. */
export function AddKey({ grantable, onChange, onClose }: AddKeyProps) {
  const [added, setAdded] = useState<AddedKey>();
  async function add(given: NewKey): Promise<void> {
    setAdded(await request<AddedKey>('console/tokens', { method: 'POST', body: given }));
    await onChange();
  }
  return (
    <Dialog
      title={added === undefined ? 'Add a key' : `The key ${added.name}`}
      onClose={onClose}
      isKept={added !== undefined}
    >
      {added === undefined ? (
        <KeyForm grantable={grantable} onSubmit={add} onCancel={onClose} />
      ) : (
        <>
          <p role="status">Copy it now: it is shown only this once, and the gateway keeps no copy.</p>
          <CodeBlock text={added.token} isWhole label="the key" />
          <Button onClick={onClose}>Done</Button>
        </>
      )}
    </Dialog>
  );
}

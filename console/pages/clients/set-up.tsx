import type { ClientSetUps } from '../../../src/console/contract/clients.ts';
import type { AddedKey } from '../../../src/console/contract/tokens.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Notice } from '../../parts/notice.tsx';
import { MakeKey } from './make-key.tsx';
import { TryIt } from './try-it.tsx';

interface SetUpProps {
  readonly setUps: ClientSetUps;
  readonly client: ClientSetUps['clients'][number];
  /** A key that was just made for it. */
  readonly made: AddedKey | undefined;
  onMade(key: AddedKey): void;
}

/** Shows the lines of one client, makes a key for it, and tries it. */
export function SetUp({ setUps: { model, placeholder }, client, made, onMade }: SetUpProps) {
  const { id, title, place, text } = client;
  const lines = made === undefined ? text : text.replaceAll(placeholder, made.token);
  return (
    <>
      <h3>1. Key</h3>
      {made === undefined ? (
        <MakeKey client={client} placeholder={placeholder} onMade={onMade} />
      ) : (
        <Notice kind="info">
          <strong role="status">The key “{made.name}” is filled in below.</strong> Copy the lines now: it is
          shown only this once, and the gateway keeps no copy.
        </Notice>
      )}
      <h3>2. Lines</h3>
      <p>{place}</p>
      <CodeBlock text={lines} label={`lines for ${title}`} />
      <h3>3. Test</h3>
      <TryIt id={id} title={title} model={model} keyToken={made?.token} />
    </>
  );
}

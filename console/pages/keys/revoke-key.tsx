import { useState } from 'preact/hooks';
import { request } from '../../api/request.ts';
import { mayChange, signOut } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';

interface RevokeKeyProps {
  readonly name: string;
  readonly isBrowser?: boolean;
  /** True for the browser that shows this page. */
  readonly isThis?: boolean | undefined;
  onRevoked(): Promise<void>;
}

/** Shows a button that revokes a key or signs out a browser, once that is confirmed. */
export function RevokeKey({ name, isBrowser = false, isThis = false, onRevoked }: RevokeKeyProps) {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useAction(async () => {
    if (isThis) return await signOut();
    await request(`console/tokens/${encodeURIComponent(name)}`, { method: 'DELETE' });
    setIsAsking(false);
    await onRevoked();
  });
  if (!isThis && !mayChange()) return null;
  const verb = isBrowser ? 'Sign out' : 'Revoke';
  return (
    <>
      <Button kind="danger" label={`${verb} ${name}`} onClick={() => setIsAsking(true)}>
        {verb}
      </Button>
      {isAsking && (
        <Dialog title={askAbout({ name, isBrowser, isThis })} onClose={() => setIsAsking(false)}>
          <p>
            {isBrowser
              ? 'What it has open ends within a second or two.'
              : 'Programs that use it are refused at once, and their running requests end. This cannot be undone.'}
          </p>
          {revoke.problem !== '' && <Notice kind="error">{revoke.problem}</Notice>}
          <div class="row">
            <Button kind="danger" busy={revoke.busy} onClick={() => void revoke.run()}>
              {verb}
            </Button>
            <Button kind="quiet" onClick={() => setIsAsking(false)}>
              Cancel
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function askAbout({
  name,
  isBrowser,
  isThis,
}: Pick<RevokeKeyProps, 'name' | 'isBrowser' | 'isThis'>): string {
  if (isThis) return 'Sign out this browser?';
  return isBrowser ? `Sign out ${name}?` : `Revoke ${name}?`;
}

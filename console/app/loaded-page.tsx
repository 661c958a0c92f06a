import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { connection } from '../api/events.ts';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import type { Page, PageProps } from './pages.ts';

interface LoadedPageProps extends PageProps {
  readonly page: Page;
}

/** Shows a page once its code is loaded, and a way out if it cannot be loaded or fails. */
export function LoadedPage({ page, detail }: LoadedPageProps) {
  const [loaded, setLoaded] = useState<{ readonly Page: ComponentType<PageProps> }>();
  const [isMissing, setMissing] = useState(false);
  const [failure] = useErrorBoundary((error) => reportError(error));
  const { load } = page;
  useEffect(() => {
    load().then(setLoaded, () => setMissing(true));
  }, [load]);
  useEffect(() => (isMissing ? reloadOnceBack() : undefined), [isMissing]);
  if (failure !== undefined) return <Broken>This page has failed.</Broken>;
  if (isMissing) {
    return (
      <Broken>This page cannot be loaded. The gateway is not running, or has been updated since.</Broken>
    );
  }
  return loaded === undefined ? <p class="muted">Loading…</p> : <loaded.Page detail={detail} />;
}

/** Loads the console again once a connection that was lost is back; returns a function that ends that. */
function reloadOnceBack(): () => void {
  let wasLost = false;
  return connection.subscribe((state) => {
    if (wasLost && state === 'open') location.reload();
    wasLost ||= state === 'lost';
  });
}

function Broken({ children }: { readonly children: string }) {
  return (
    <Notice kind="error">
      <p>{children}</p>
      <Button kind="quiet" onClick={() => location.reload()}>
        Load the console again
      </Button>
    </Notice>
  );
}

import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import type { Me } from '../../src/console/contract/sign-in.ts';
import { connection } from '../api/events.ts';
import { Notice } from '../parts/notice.tsx';
import { PAGES, type PageProps } from './pages.ts';
import { linkTo, route } from './route.ts';
import { signOut } from './session.ts';

/** Shows the frame around every page: navigation, connection and the name of this browser. */
export function Shell({ me }: { readonly me: Me }) {
  const { page: id, detail } = route.value;
  const page = PAGES.find((known) => known.id === id) ?? PAGES[0]!;
  useEffect(() => {
    document.title = `${page.title} · codex-gateway`;
  }, [page]);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to the page
      </a>
      <header class="bar">
        <span class="brand">codex-gateway</span>
        <span class="muted">{me.version}</span>
        <span class="grow" />
        {me.read_only && <span class="badge">read only</span>}
        <button type="button" class="button quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <nav class="nav" aria-label="Pages">
        {PAGES.map(({ id: other, title }) => (
          <a key={other} href={linkTo(other)} aria-current={other === page.id ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <main id="main" class="main" tabIndex={-1}>
        {connection.value === 'lost' && (
          <Notice kind="warning">The connection to the gateway is lost. Trying again…</Notice>
        )}
        <h1>{page.title}</h1>
        <LoadedPage key={page.id} load={page.load} detail={detail} />
      </main>
    </div>
  );
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

interface LoadedPageProps extends PageProps {
  load(): Promise<{ readonly Page: ComponentType<PageProps> }>;
}

/** Shows a page once its code is loaded. */
function LoadedPage({ load, detail }: LoadedPageProps) {
  const [loaded, setLoaded] = useState<{ readonly Page: ComponentType<PageProps> }>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    load().then(setLoaded, () => setProblem('This page cannot be loaded. Is the gateway still running?'));
  }, [load]);
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  return loaded === undefined ? <p class="muted">Loading…</p> : <loaded.Page detail={detail} />;
}

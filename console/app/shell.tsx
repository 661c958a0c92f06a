import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Me } from '../../src/console/contract/sign-in.ts';
import { connection } from '../api/events.ts';
import { Icon } from '../parts/icon.tsx';
import { Notice } from '../parts/notice.tsx';
import { SwitchedOff } from '../parts/switched-off.tsx';
import { Words } from '../parts/words.tsx';
import { BrandMark } from './brand-mark.tsx';
import { ConnectionState } from './connection-state.tsx';
import { LoadedPage } from './loaded-page.tsx';
import { Navigation } from './navigation.tsx';
import { PAGES, type Page } from './pages.ts';
import { OpenCommand } from './open-command.tsx';
import { linkTo, route } from './route.ts';
import { signInProblem, signOut } from './session.ts';

/** Shows the frame around every page: navigation, connection and the name of this browser. */
export function Shell({ me }: { readonly me: Me }) {
  const { page: id, detail } = route.value;
  const page = PAGES.find((known) => known.id === id) ?? PAGES[0]!;
  const main = useArrival(page);
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to the page
      </a>
      <header class="side">
        <a class="brand" href={linkTo('overview')}>
          <BrandMark />
          <span>
            codex-gateway <small>{me.version}</small>
          </span>
        </a>
        <Navigation current={page} />
        <div class="side-foot">
          {me.read_only && <span class="badge">read only</span>}
          <ConnectionState />
          <button type="button" class="sign-out" onClick={() => void signOut()}>
            <Icon name="leave" />
            <span>Sign out</span>
          </button>
        </div>
      </header>
      <main id="main" ref={main} class="main" tabIndex={-1}>
        {connection.value === 'lost' && (
          <Notice kind="warning">The connection to the gateway is lost. Trying again…</Notice>
        )}
        {signInProblem.value !== '' && (
          <Notice kind="warning">
            <Words text={`${signInProblem.value} This browser is signed in as before.`} />
          </Notice>
        )}
        <h1>{page.title}</h1>
        {mayUse(me, page) ? (
          <LoadedPage key={page.id} page={page} detail={detail} />
        ) : (
          <SwitchedOff>
            This browser was signed in without the scope <code>{page.scope}</code>. Run <OpenCommand /> for a
            link with all of them.
          </SwitchedOff>
        )}
      </main>
    </div>
  );
}

/** Returns true if this browser has the scope of the page. A gateway without tokens names no scopes, and allows everything. */
function mayUse({ scopes }: Me, { scope }: Page): boolean {
  return scope === undefined || scopes.length === 0 || scopes.includes(scope);
}

/** Names the page in the title of the window, and leads focus and view to the top of one that was gone to, before it is seen. */
function useArrival(page: Page) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);
  useLayoutEffect(() => {
    document.title = `${page.title} · codex-gateway`;
    if (shown.current === page) return;
    shown.current = page;
    signInProblem.value = '';
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [page]);
  return main;
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

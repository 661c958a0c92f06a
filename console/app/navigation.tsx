import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { GROUPS, PAGES, type Page } from './pages.ts';
import { linkTo } from './route.ts';
import { followWaiting, waitingSessions } from './waiting.ts';

/** Shows the links to all pages; on a narrow screen below a button with the name of the current one. */
export function Navigation({ current }: { readonly current: Page }) {
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  useEffect(followWaiting, []);

  function closeByKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !isOpen) return;
    setOpen(false);
    toggle.current?.focus();
  }
  function closeBehindFocus({ currentTarget, relatedTarget }: FocusEvent): void {
    if (!(currentTarget as Element).contains(relatedTarget as Element | null)) setOpen(false);
  }

  return (
    <nav class="nav" aria-label="Pages" onKeyDown={closeByKey} onFocusOut={closeBehindFocus}>
      <button
        ref={toggle}
        type="button"
        class="nav-toggle"
        aria-expanded={isOpen}
        aria-controls="pages"
        onClick={() => setOpen(!isOpen)}
      >
        <span class="visually-hidden">All pages, now at</span>
        <span class="nav-current">{current.title}</span>
        <Waiting />
        <Icon name="more" />
      </button>
      <div id="pages" class={isOpen ? 'nav-list open' : 'nav-list'}>
        {GROUPS.map((group) => (
          <div key={group}>
            <p class="nav-group" id={`pages-${group}`}>
              {group}
            </p>
            <ul aria-labelledby={`pages-${group}`}>
              {PAGES.filter((page) => page.group === group).map((page) => (
                <li key={page.id}>
                  <a
                    href={linkTo(page.id)}
                    aria-current={page === current ? 'page' : undefined}
                    onClick={() => setOpen(false)}
                  >
                    <Icon name={page.id} />
                    {page.title}
                    {page.id === 'sessions' && <Waiting />}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}

/** Says how many sessions wait for a decision. */
function Waiting() {
  const count = waitingSessions.value.size;
  if (count === 0) return null;
  return <span class="badge warning nav-waiting">{count === 1 ? '1 waits' : `${count} wait`}</span>;
}

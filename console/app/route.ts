import { signal } from '@preact/signals';
import { codeIn } from './sign-in-link.ts';

/** A place in the console. It is in the fragment of the address, which is sent to no server. */
export interface Route {
  /** Id of the page. */
  readonly page: string;
  /** The rest of the path, such as the id of a session; '' without one. */
  readonly detail: string;
}

export const route = signal<Route>(readRoute(location.hash));

addEventListener('hashchange', () => {
  // A link that signs in leads to no other place.
  if (codeIn(location.hash) === undefined) route.value = readRoute(location.hash);
});

function readRoute(hash: string): Route {
  const [page = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  return { page: page === '' ? 'overview' : page, detail: rest.map(decode).join('/') };
}

/** Decodes a part of an address, which somebody may have typed. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the address of a place, for links. */
export function linkTo(page: string, detail = ''): string {
  return detail === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(detail)}`;
}

export function goTo(page: string, detail = ''): void {
  location.hash = linkTo(page, detail);
}

import { signal } from '@preact/signals';
import { codeIn } from './sign-in-link.ts';

/** A place in the console. It is in the fragment of the address, which is sent to no server. */
export interface Route {
  /** Id of the page. */
  readonly page: string;
  /** The rest of the path, such as the id of a session; '' without one. */
  readonly detail: string;
  /** The part after a question mark, such as the filters of a list; '' without one. */
  readonly query: string;
}

export const route = signal<Route>(readRoute(location.hash));

addEventListener('hashchange', () => {
  // A link that signs in leads to no other place.
  if (codeIn(location.hash) === undefined) route.value = readRoute(location.hash);
});

function readRoute(hash: string): Route {
  const [path = '', ...queries] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', ...rest] = path.split('/');
  return {
    page: page === '' ? 'overview' : page,
    detail: rest.map(decode).join('/'),
    query: queries.join('?'),
  };
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
export function linkTo(page: string, detail = '', query = ''): string {
  const place = detail === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(detail)}`;
  return query === '' ? place : `${place}?${query}`;
}

export function goTo(page: string, detail = '', query = ''): void {
  location.hash = linkTo(page, detail, query);
}

/** Changes the query of the place where the page is, without another step back. */
export function changeQuery(query: string): void {
  const { page, detail } = route.value;
  history.replaceState(history.state, '', linkTo(page, detail, query));
  route.value = { page, detail, query };
}

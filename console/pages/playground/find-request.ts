import type { RequestPage, RequestRow } from '../../../src/console/contract/requests.ts';
import { request } from '../../api/request.ts';

/** Finds a request in the list of the latest ones; undefined if the gateway no longer holds it. */
export async function findRequest(id: string): Promise<RequestRow | undefined> {
  const { requests } = await request<RequestPage>(`console/requests?search=${encodeURIComponent(id)}`);
  return requests.find((row) => row.id === id);
}

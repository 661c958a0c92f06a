import type { WayIn } from '../../src/console/contract/sign-in.ts';
import { useLoaded } from '../parts/use-loaded.ts';

/** Shows the command that makes a link into this console. */
export function OpenCommand() {
  const { value } = useLoaded<WayIn>('console/way-in');
  return <code>{value?.open ?? 'codex-gateway open'}</code>;
}

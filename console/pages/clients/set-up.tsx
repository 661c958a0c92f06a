import type { ClientSetUps } from '../../../src/console/contract/clients.ts';
import { CodeBlock } from '../../parts/code-block.tsx';

interface SetUpProps {
  readonly client: ClientSetUps['clients'][number];
}

/** Shows the lines of one client. */
export function SetUp({ client: { title, place, text } }: SetUpProps) {
  return (
    <>
      <p>{place}</p>
      <CodeBlock text={text} label={`lines for ${title}`} />
    </>
  );
}

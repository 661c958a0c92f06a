import type { WayIn } from '../../src/console/contract/sign-in.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Words } from '../parts/words.tsx';
import { BrandMark } from './brand-mark.tsx';
import { OpenCommand } from './open-command.tsx';
import { signInProblem } from './session.ts';

/** Says in two lines how to get in. */
export function SignedOut() {
  return (
    <main class="signed-out">
      <BrandMark />
      <h1>codex-gateway is up</h1>
      <p>
        The API answers at <code>{new URL('v1', location.href.split('#')[0]).href}</code>.
      </p>
      <p>
        To open the console, run <OpenCommand /> in a terminal.
      </p>
      {signInProblem.value !== '' && (
        <div class="notice error" role="alert">
          <Words text={signInProblem.value} /> <DemoNote />
        </div>
      )}
    </main>
  );
}

/** Says why a browser that was signed in to a demo may no longer be. */
function DemoNote() {
  const { value } = useLoaded<WayIn>('console/way-in');
  if (value?.is_demo !== true) return null;
  return <>A demo that was started again knows nothing of before: no browsers, no keys and no sessions.</>;
}

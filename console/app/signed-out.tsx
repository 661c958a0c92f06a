import { BrandMark } from './brand-mark.tsx';
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
        To open the console, run <code>codex-gateway open</code> in a terminal.
      </p>
      {signInProblem.value !== '' && (
        <div class="notice error" role="alert">
          {signInProblem}
        </div>
      )}
    </main>
  );
}

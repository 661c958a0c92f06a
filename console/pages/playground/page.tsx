import { useEffect, useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { session } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';
import { SwitchedOff } from '../../parts/switched-off.tsx';
import { CodeDialog } from './code-dialog.tsx';
import { Composer } from './composer.tsx';
import './playground.css';
import { SettingsPanel } from './settings-panel.tsx';
import { changeSettings, isRunning, nextRequest, settings, stop } from './state.ts';
import { Transcript } from './transcript.tsx';

/** Lets a person ask the models by hand, as a client of the API would. The rest of the address can name a model. */
export function Page({ detail }: PageProps) {
  const me = session.value;
  if (typeof me === 'object' && (me.read_only || !me.scopes.includes('openai')))
    return (
      <SwitchedOff>
        This browser may not ask the models. To sign it in so that it may, run <code>codex-gateway open</code>
        .
      </SwitchedOff>
    );
  return <Playground model={detail} />;
}

function Playground({ model: asked }: { readonly model: string }) {
  const [isOpen, setOpen] = useState(false);
  const [isCodeShown, showCode] = useState(false);
  useEffect(stopByEscape, []);
  useEffect(() => {
    if (asked !== '') changeSettings({ model: asked });
  }, [asked]);
  const { model, api } = settings.value;
  return (
    <div class="playground">
      <div class="playground-toggle">
        <Button kind="quiet" expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Settings
        </Button>
        <span class="muted">
          {model === '' ? 'no model' : model}, {api === 'chat' ? 'chat completions' : 'responses'}
        </span>
      </div>
      <SettingsPanel isOpen={isOpen} />
      <div class="playground-chat">
        <Transcript />
        <Composer onShowCode={() => showCode(true)} />
      </div>
      {isCodeShown && <CodeDialog request={nextRequest()} onClose={() => showCode(false)} />}
    </div>
  );
}

/** Stops the answer that is under way by Escape, unless that closes a dialog. */
function stopByEscape(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isRunning.value && document.querySelector('dialog[open]') === null) stop();
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

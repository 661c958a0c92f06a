import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { SwitchedOff } from '../../parts/switched-off.tsx';
import { session } from '../../app/session.ts';
import { Composer } from './composer.tsx';
import './playground.css';
import { SettingsPanel } from './settings-panel.tsx';
import { settings } from './state.ts';
import { Transcript } from './transcript.tsx';

/** Lets a person ask the models by hand, as a client of the API would. */
export function Page() {
  const [isOpen, setOpen] = useState(false);
  const me = session.value;
  if (typeof me === 'object' && (me.read_only || !me.scopes.includes('openai')))
    return (
      <SwitchedOff>
        This browser may not ask the models. To sign it in so that it may, run <code>codex-gateway open</code>
        .
      </SwitchedOff>
    );
  const { model, api } = settings.value;
  return (
    <div class="playground">
      <div class="playground-toggle">
        <Button kind="quiet" expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Settings: {model === '' ? 'no model' : model}, {api === 'chat' ? 'chat completions' : 'responses'}
        </Button>
      </div>
      <SettingsPanel isOpen={isOpen} />
      <div class="playground-chat">
        <Transcript />
        <Composer />
      </div>
    </div>
  );
}

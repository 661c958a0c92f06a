import { useState } from 'preact/hooks';
import type { SessionSetup } from '../../../src/console/contract/sessions.ts';
import { request } from '../../api/request.ts';
import { goTo } from '../../app/route.ts';
import { session } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';

const REVIEWS = {
  edits: 'Each edit waits for you. Commands run at once, and can write nothing.',
  commands: 'Each edit and each command waits for you.',
  none: 'Nothing waits. The agent edits and runs commands at once, in its sandbox.',
} as const;

type Review = keyof typeof REVIEWS;

interface Choices {
  readonly message: string;
  /** Path of the folder; undefined while another one than those of the list is written. */
  readonly folder: string | undefined;
  readonly ownFolder: string;
  readonly model: string;
  readonly review: Review;
}

/** Creates a session and sends its first message; resolves to its id. */
async function startSession({ message, folder, ownFolder, model, review }: Choices): Promise<string> {
  const body = { workspace_root: folder ?? ownFolder, review, ...(model !== '' && { model }) };
  const { session: made } = await request<{ session: { id: string } }>('chat/sessions', {
    method: 'POST',
    body,
  });
  try {
    await request(`chat/sessions/${made.id}/messages`, { method: 'POST', body: { message } });
    return made.id;
  } catch (error) {
    // A session without its message would only be in the way.
    await request(`chat/sessions/${made.id}`, { method: 'DELETE' }).catch(() => {});
    throw error;
  }
}

/** Shows the form that starts a session with its first message. */
export function NewSession({ setup }: { readonly setup: SessionSetup }) {
  const [choices, setChoices] = useState<Choices>({
    message: '',
    folder: setup.folders[0],
    ownFolder: setup.roots[0] ?? '',
    model: '',
    review: 'edits',
  });
  const change = (changed: Partial<Choices>) => setChoices((before) => ({ ...before, ...changed }));
  const start = useAction(async () => goTo('sessions', await startSession(choices)));
  const me = session.value;
  if (typeof me === 'object' && me.read_only)
    return (
      <Notice kind="info">This browser may only look. Choose a session to see what happens in it.</Notice>
    );
  return (
    <form
      class="card sessions-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start.run();
      }}
    >
      <h2>New session</h2>
      <Field label="What should the agent do?">
        <textarea
          rows={4}
          required
          value={choices.message}
          onInput={(event) => change({ message: event.currentTarget.value })}
        />
      </Field>
      <FolderChoice setup={setup} choices={choices} onChange={change} />
      <Field label="Model">
        <select value={choices.model} onChange={(event) => change({ model: event.currentTarget.value })}>
          <option value="">The default of Codex</option>
          {setup.models.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </Field>
      <ReviewChoice review={choices.review} onChange={(review) => change({ review })} />
      {start.problem !== '' && <Notice kind="error">{start.problem}</Notice>}
      <Button type="submit" busy={start.busy}>
        Start
      </Button>
    </form>
  );
}

const OWN_FOLDER = '';

interface FolderChoiceProps {
  readonly setup: SessionSetup;
  readonly choices: Choices;
  onChange(changed: Partial<Choices>): void;
}

function FolderChoice({ setup, choices: { folder, ownFolder }, onChange }: FolderChoiceProps) {
  return (
    <>
      <Field label="Folder" hint="The agent works in this folder, and can write nowhere else.">
        <select
          value={folder ?? OWN_FOLDER}
          onChange={(event) => onChange({ folder: event.currentTarget.value || undefined })}
        >
          {setup.folders.map((path) => (
            <option key={path} value={path}>
              {path}
            </option>
          ))}
          <option value={OWN_FOLDER}>Another folder…</option>
        </select>
      </Field>
      {folder === undefined && (
        <Field label="Path of the folder" hint={`Below ${setup.roots.join(' or ')}.`}>
          <input
            required
            value={ownFolder}
            onInput={(event) => onChange({ ownFolder: event.currentTarget.value })}
          />
        </Field>
      )}
    </>
  );
}

function ReviewChoice({ review, onChange }: { readonly review: Review; onChange(review: Review): void }) {
  return (
    <fieldset class="sessions-choice">
      <legend class="field-label">What waits for you</legend>
      {(Object.keys(REVIEWS) as Review[]).map((value) => (
        <label key={value}>
          <input type="radio" name="review" checked={value === review} onChange={() => onChange(value)} />
          <strong>{value}</strong> <span class="muted">{REVIEWS[value]}</span>
        </label>
      ))}
    </fieldset>
  );
}

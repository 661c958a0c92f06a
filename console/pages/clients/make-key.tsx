import type { ClientSetUps } from '../../../src/console/contract/clients.ts';
import type { AddedKey } from '../../../src/console/contract/tokens.ts';
import { request } from '../../api/request.ts';
import { linkTo } from '../../app/route.ts';
import { mayChange } from '../../app/session.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/use-action.ts';

interface MakeKeyProps {
  readonly client: ClientSetUps['clients'][number];
  readonly placeholder: string;
  onMade(key: AddedKey): void;
}

/** Makes a key that leads to the API alone, so that the client can be shut out again without the others. */
export function MakeKey({ client: { id, title }, placeholder, onMade }: MakeKeyProps) {
  const make = useAction(async (name: string) => {
    const body = { name, scopes: ['openai'] };
    onMade(await request<AddedKey>('console/tokens', { method: 'POST', body }));
  });
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void make.run(form.get('name') as string);
  }
  if (!mayChange()) {
    return (
      <p>
        This browser is signed in to look only and makes no keys. Write one that you have in place of{' '}
        <code>{placeholder}</code>.
      </p>
    );
  }
  return (
    <form class="clients-key" onSubmit={submit}>
      <Field
        label={`Name of a key for ${title}`}
        hint="It leads to the API and nothing else."
        problem={make.problem}
      >
        <input
          name="name"
          defaultValue={id}
          required
          maxLength={64}
          pattern="[A-Za-z0-9._\-]+"
          autocomplete="off"
        />
      </Field>
      <div class="row">
        <Button type="submit" busy={make.busy}>
          Make a key for it
        </Button>
        <span class="muted">
          or write one that you have in place of <code>{placeholder}</code>.{' '}
          <a href={linkTo('keys')}>All keys</a>
        </span>
      </div>
    </form>
  );
}

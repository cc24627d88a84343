import type { ComponentChildren, VNode } from 'preact';
import { TextField, Token } from '#web';
import type { PlaceChange } from './place-change.form.js';
import type { PlacePageProps } from './place.page.js';

interface ChangeFormProps extends PlacePageProps {
  change: PlaceChange;
  heading: string;
  about: string;
  children: (fields: Pick<PlacePageProps, 'faults' | 'typed'> & { idSuffix: string }) => ComponentChildren;
}

/** One change with a heading that opens; the one that came back with faults is open. */
function ChangeForm({
  frame,
  place,
  form,
  faults,
  typed,
  problem,
  change,
  heading,
  about,
  children,
}: ChangeFormProps): VNode {
  const mine = form === change;
  return (
    <details class="edlink-more" open={mine && !!(faults?.length || problem)}>
      <summary>{heading}</summary>
      <p>{about}</p>
      <form method="post" action={`/state/places/site/${encodeURIComponent(place.code)}/${change}`} novalidate>
        <Token frame={frame} />
        {children({ ...(mine && { faults, typed }), idSuffix: `-${change}` })}
        <div class="edlink-actions">
          <button class="usa-button" type="submit">
            See what changes
          </button>
        </div>
      </form>
    </details>
  );
}

/** What the state office can do with an open site. */
export const PlaceChangeForms = (props: PlacePageProps): VNode => (
  <>
    <h2>Change it</h2>
    <p>Each change shows first what it would move. Nothing is saved before you confirm.</p>
    {props.place.kind !== 'school' && (
      <ChangeForm
        {...props}
        change="serve"
        heading="Who serves it"
        about="The public school system that provides special education there. Its coordinators decide what is asked for there in special education; everything else stays with the owner."
      >
        {(fields) => (
          <>
            <TextField
              {...fields}
              name="to"
              label="School system, name or code"
              hint="Leave it empty when no school system serves it."
              required={false}
            />
            <Day {...fields} hint="Leave it empty for today." />
          </>
        )}
      </ChangeForm>
    )}
    <ChangeForm
      {...props}
      change="move"
      heading="Move it to another school system"
      about="The site belongs to the other school system from that day on, and so do its requests."
    >
      {(fields) => (
        <>
          <TextField {...fields} name="to" label="School system, name or code" />
          <Day {...fields} hint="Leave it empty for today. Not a day to come." />
        </>
      )}
    </ChangeForm>
    <ChangeForm
      {...props}
      change="merge"
      heading="Merge it into another site"
      about="This site closes today; its history says which site took over."
    >
      {(fields) => <TextField {...fields} name="to" label="Site that takes over, name or code" />}
    </ChangeForm>
    <ChangeForm
      {...props}
      change="close"
      heading="Close it"
      about="From today on nobody can ask for anything there. Who asked and who decides is told."
    >
      {(fields) => <TextField {...fields} name="reason" label="Why" rows={2} />}
    </ChangeForm>
  </>
);

const Day = (fields: Pick<PlacePageProps, 'faults' | 'typed'> & { idSuffix: string; hint: string }): VNode => (
  <TextField {...fields} name="fromDay" label="From" type="date" required={false} />
);

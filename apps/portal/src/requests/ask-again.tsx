import type { VNode } from 'preact';
import type { LineView, RequestView } from '#requests';
import { locationKey } from '#sites';
import { ButtonLink } from '#web';
import { isSimple, thingsInWords } from './line-words.js';
import { type RoleWish, stepAddress } from './wish.js';

/** For the requester: what of a request came to nothing, as forms that are filled in already. */
export function AskAgain({ request }: { request: RequestView }): VNode | null {
  const over = request.lines.filter(({ status, extends: longer }) => isOver(status) && !longer);
  if (!request.mayAskAgain || !over.length) return null;
  const forms = formsOf(over);
  const expired = over.some(({ status }) => status === 'expired');
  const rejected = over.some(({ status }) => status === 'rejected');
  return (
    <section aria-labelledby="again">
      <h2 id="again">{expired || rejected ? 'Still needed?' : 'Needed after all?'}</h2>
      <p>
        {rejected && 'Put right what the reason names, and ask again. '}
        {expired && 'What nobody decided in time is no fault of yours; call the coordinator if it is urgent. '}
        The form is filled in with what you asked for; nothing is sent before you have checked it.
      </p>
      <div class="edlink-actions">
        {forms.map(({ address, lines }) => (
          <ButtonLink href={address(request.id)} quiet>
            Ask again{forms.length > 1 && ` for ${thingsInWords(lines, !isSimple(request.lines)).join('; ')}`}
          </ButtonLink>
        ))}
      </div>
    </section>
  );
}

const isOver = (status: LineView['status']): boolean => ['rejected', 'withdrawn', 'expired'].includes(status);

/** A form asks for all of it at each of its places: places with the same wishes are one form. */
function formsOf(lines: LineView[]): { lines: LineView[]; address: (again: string) => string }[] {
  const places = new Map<string, LineView[]>();
  for (const line of lines) {
    const key = locationKey(line.place);
    places.set(key, [...(places.get(key) ?? []), line]);
  }
  const forms = new Map<string, LineView[]>();
  for (const there of places.values()) {
    const key = JSON.stringify(rolesAt(there));
    forms.set(key, [...(forms.get(key) ?? []), ...there]);
  }
  return [...forms.values()].map((same) => {
    const locations = [...new Map(same.map(({ place }) => [locationKey(place), place])).values()].map(
      ({ level, code }) => ({ level, code }),
    );
    const [role, ...also] = rolesAt(same.filter(({ place }) => locationKey(place) === locationKey(locations[0]!)));
    const [location, ...more] = locations;
    return {
      lines: same,
      address: (again) => stepAddress({ ...role!, also, location: location!, places: more, again }),
    };
  });
}

/** The roles asked for at one place. */
function rolesAt(lines: LineView[]): RoleWish[] {
  const roles = new Map<string, RoleWish>();
  for (const { application, role, permission } of lines) {
    const key = `${application.code} ${role.code}`;
    const wish = roles.get(key) ?? { application: application.code, role: role.code, permissions: [] };
    roles.set(key, { ...wish, permissions: [...wish.permissions, permission.code] });
  }
  return [...roles.values()];
}

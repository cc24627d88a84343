import type { VNode } from 'preact';
import type { PageFrame } from '#web';

const links: [href: string, label: string][] = [
  ['/state', 'Overview'],
  ['/charts', 'Charts'],
  ['/state/coverage', 'Coverage'],
  ['/state/designations', 'Designations'],
  ['/duties', 'Duties'],
  ['/state/places', 'Places'],
  ['/state/register', 'Register'],
  ['/state/disagreements', 'Disagreements'],
  ['/state/disputes', 'Disputes'],
  ['/people/staff-files', 'Staff files'],
  ['/people/as-of', 'Access on a day'],
];

/** Whether a page is drawn for the state office; some pages are the coordinators' too. */
export const isOffice = ({ navigation }: PageFrame): boolean => navigation.some(({ href }) => href === '/state');

/** The ways of the state office, on each of its pages. */
export const StateNav = ({ frame }: { frame: PageFrame }): VNode => (
  <nav aria-label="State office" class="edlink-subnav">
    <ul>
      {links.map(([href, label]) => (
        <li>
          <a href={href} aria-current={isWithin(frame.path, href) ? 'page' : undefined}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

/** Coordinators are found in the coverage lists. */
const isWithin = (path: string, href: string): boolean =>
  path === href ||
  (href !== '/state' && path.startsWith(`${href}/`)) ||
  (href === '/state/coverage' && path.startsWith('/state/coordinators/'));

/** The same for pages that others draw. */
export const stateNav = (frame: PageFrame): VNode => <StateNav frame={frame} />;

import { kernelProblems } from '#kernel';
import type { Wish } from '#requests';
import { type Location, locationKey } from '#sites';

/** A role of an application with the permissions wanted of it. */
export type RoleWish = Pick<Wish, 'application' | 'role' | 'permissions'>;

/** What a person wants to ask for, as far as it is known: kept in the address, so that each step has one and Back works. */
export interface WishSoFar {
  application?: string;
  location?: Location;
  role?: string;
  permissions: string[];
  /** Further roles, in other applications, and further places; everything is asked for at every place. */
  also?: RoleWish[];
  places?: Location[];
  /** What was typed into the search for a place. */
  search?: string;
  /** The request of one's own of which this asks again. */
  again?: string;
  /** The step whose form was sent; an empty choice there is a fault, elsewhere just not made yet. */
  asked?: string;
}

type Query = Record<string, unknown>;

/** As many places, and as many permissions of a role, as an address may name; the verb says what one request may hold. */
const most = 60;

/**
 * Reads the address of a step; eSER links here with what it already knows.
 * @throws Problem 400 when a parameter comes twice; only `permission`, `also` and `place` may (IN-2)
 */
export function wishOf(query: Query): WishSoFar {
  const level = one(query, 'level');
  const code = one(query, 'code')?.toUpperCase();
  const wish = {
    application: one(query, 'application'),
    location: (level === 'system' || level === 'site') && code ? { level, code } : undefined,
    role: one(query, 'role'),
    permissions: many(query.permission),
    also: many(query.also).flatMap(roleWishOf),
    places: many(query.place).flatMap(locationOf),
    search: one(query, 'q'),
    again: one(query, 'again')?.match(uuid)?.[0],
    asked: one(query, 'asked'),
  } satisfies WishSoFar;
  return firstOf(wish);
}

/** What was taken away leaves its place to the next one, unless something else is being chosen for it. */
function firstOf(wish: WishSoFar): WishSoFar {
  const { also = [], places = [], location, application, asked } = wish;
  const first = application || asked === 'another' || asked === 'application' ? undefined : also[0];
  const where = location ?? places[0];
  return {
    ...wish,
    ...(first && { ...first, also: also.slice(1) }),
    location: where,
    places: places.filter((place) => !where || locationKey(place) !== locationKey(where)),
  };
}

function one(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string')
    throw kernelProblems.badInput(`The address holds "${name}" more than once. Start at the home page.`);
  return value.slice(0, 200);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const many = (value: unknown): string[] =>
  [
    ...new Set(
      ([] as unknown[]).concat(value ?? []).filter((each): each is string => typeof each === 'string' && each !== ''),
    ),
  ].slice(0, most);

const code = '[a-z0-9][a-z0-9-]{0,80}';
const roleText = new RegExp(`^(${code}):(${code}):(${code}(?:,${code}){0,19})$`);

/** `ser:ser-data:ser-data-reader,ser-data-writer` */
function roleWishOf(text: string): RoleWish[] {
  const [, application, role, permissions] = roleText.exec(text) ?? [];
  return application ? [{ application, role: role!, permissions: permissions!.split(',') }] : [];
}

/** `site:001005` */
function locationOf(text: string): Location[] {
  const [, level, code] = /^(site|system):([A-Za-z0-9]{1,30})$/.exec(text) ?? [];
  return level ? [{ level: level as Location['level'], code: code!.toUpperCase() }] : [];
}

/** The parameters of a wish as name and value, for an address or for hidden fields. */
export function partsOf({
  application,
  location,
  role,
  permissions,
  also,
  places,
  again,
}: WishSoFar): [string, string][] {
  const parts: [string, string | undefined][] = [
    ['application', application],
    ['level', location?.level],
    ['code', location?.code],
    ['role', role],
    ...permissions.map((permission): [string, string] => ['permission', permission]),
    ...(also ?? []).map((each): [string, string] => [
      'also',
      `${each.application}:${each.role}:${each.permissions.join()}`,
    ]),
    ...(places ?? []).map((place): [string, string] => ['place', locationKey(place)]),
    ['again', again],
  ];
  return parts.filter((part): part is [string, string] => part[1] !== undefined);
}

/** The address of the step that comes next for a wish. */
export const stepAddress = (wish: WishSoFar, asked?: string): string => {
  const parts = [...partsOf(wish), ...(asked ? [['asked', asked]] : [])];
  return `/requests/new${parts.length ? `?${new URLSearchParams(parts)}` : ''}`;
};

/** The roles wished for, the one chosen last first. */
export const rolesOf = ({ application, role, permissions, also = [] }: WishSoFar): RoleWish[] =>
  application && role ? [{ application, role, permissions }, ...also] : also;

/** The places wished for. */
export const placesOf = ({ location, places = [] }: WishSoFar): Location[] =>
  location ? [location, ...places] : places;

/** Everything at every place, as it is asked for. @param period for how long */
export const wishesOf = (wish: WishSoFar, period: Pick<Wish, 'fromDay' | 'toDay'> = {}): Wish[] =>
  placesOf(wish).flatMap((location) => rolesOf(wish).map((role) => ({ ...role, location, ...period })));

/** The same wish without a role, or without a place. */
export function without(wish: WishSoFar, { role, place }: { role?: RoleWish; place?: Location }): WishSoFar {
  const roles = rolesOf(wish).filter(({ application }) => application !== role?.application);
  const places = placesOf(wish).filter((each) => !place || locationKey(each) !== locationKey(place));
  const { again } = wish;
  return { permissions: [], ...roles[0], also: roles.slice(1), location: places[0], places: places.slice(1), again };
}

import { kernelProblems } from '#kernel';
import type { Location } from '#sites';

/** What a person wants to ask for, as far as it is known: kept in the address, so that each step has one and Back works. */
export interface WishSoFar {
  application?: string;
  location?: Location;
  role?: string;
  permissions: string[];
  /** What was typed into the search for a place. */
  search?: string;
  /** The step whose form was sent; an empty choice there is a fault, elsewhere just not made yet. */
  asked?: string;
}

type Query = Record<string, unknown>;

/**
 * Reads the address of a step; eSER links here with what it already knows.
 * @throws Problem 400 when a parameter comes twice; only `permission` may (IN-2)
 */
export function wishOf(query: Query): WishSoFar {
  const level = one(query, 'level');
  const code = one(query, 'code')?.toUpperCase();
  return {
    application: one(query, 'application'),
    location: (level === 'system' || level === 'site') && code ? { level, code } : undefined,
    role: one(query, 'role'),
    permissions: many(query.permission),
    search: one(query, 'q'),
    asked: one(query, 'asked'),
  };
}

function one(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string')
    throw kernelProblems.badInput(`The address holds "${name}" more than once. Start at the home page.`);
  return value.slice(0, 200);
}

const many = (value: unknown): string[] =>
  [
    ...new Set(
      ([] as unknown[]).concat(value ?? []).filter((each): each is string => typeof each === 'string' && each !== ''),
    ),
  ].slice(0, 20);

/** The parameters of a wish as name and value, for an address or for hidden fields. */
export function partsOf({ application, location, role, permissions }: WishSoFar): [string, string][] {
  const parts: [string, string | undefined][] = [
    ['application', application],
    ['level', location?.level],
    ['code', location?.code],
    ['role', role],
    ...permissions.map((permission): [string, string] => ['permission', permission]),
  ];
  return parts.filter((part): part is [string, string] => part[1] !== undefined);
}

/** The address of the step that comes next for a wish. */
export const stepAddress = (wish: WishSoFar): string => {
  const parts = partsOf(wish);
  return `/requests/new${parts.length ? `?${new URLSearchParams(parts)}` : ''}`;
};

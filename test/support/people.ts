import type { EntityManager } from '@mikro-orm/postgresql';
import type { Reach } from '#coordinators';
import { foldedText, newId, type SignedIn } from '#kernel';
import { nameKey } from '#staff';

/*
 * Invented people and places, straight into the tables: for specs that are about what comes after. `em` is any entity
 * manager outside a transaction. Everything has a default, so a test names only what it is about.
 */

let count = 0;
const next = (): number => ++count;

const today = `(now() at time zone 'America/Chicago')::date`;

export interface Person {
  staffMemberId: string;
  /** 10 digits. */
  staffId: string;
  firstName: string;
  lastName: string;
  /** Absent for people who have no account yet. */
  accountId?: string;
}

/** A person with an account. */
export interface TestPerson extends Person {
  accountId: string;
  actor: SignedIn;
}

/** A school system, open; `code` as given or the next free one (T01, T02, ...). */
export async function aSystem(
  em: EntityManager,
  about: { code?: string; name?: string; kind?: string } = {},
): Promise<string> {
  const code = about.code ?? `T${next().toString(36).toUpperCase().padStart(2, '0')}`;
  const { name = `${code} Parish`, kind = 'parish' } = about;
  await em.execute(
    `insert into school_system (code, name, name_key, kind) values (?, ?, ?, ?) on conflict do nothing`,
    [code, name, foldedText(name), kind],
  );
  return code;
}

/** A site of a system, open. @returns its code */
export async function aSite(
  em: EntityManager,
  system: string,
  about: { code?: string; name?: string; kind?: string } = {},
): Promise<string> {
  const code = about.code ?? `${system}${String(next() % 1000).padStart(3, '0')}`;
  const { name = `School ${code}`, kind = 'school' } = about;
  await em.execute(`insert into site (code, name, name_key, kind) values (?, ?, ?, ?)`, [
    code,
    name,
    foldedText(name),
    kind,
  ]);
  await em.execute(`insert into site_parent (id, site_code, system_code, from_day) values (?, ?, ?, '2000-01-01')`, [
    newId(),
    code,
    system,
  ]);
  return code;
}

/** Moves a site to another system, from today on. */
export async function moveSite(em: EntityManager, site: string, system: string): Promise<void> {
  await em.execute(`update site_parent set to_day = ${today} where site_code = ? and to_day is null`, [site]);
  await em.execute(`insert into site_parent (id, site_code, system_code, from_day) values (?, ?, ?, ${today})`, [
    newId(),
    site,
    system,
  ]);
}

/** An account that can sign in; its passphrase is not set. @returns its id */
export async function anAccount(
  em: EntityManager,
  { firstName = 'Robin', lastName = 'Moss', status = 'active' } = {},
): Promise<string> {
  const id = newId();
  const name = `person${id.slice(0, 8)}`;
  await em.execute(
    `insert into account (id, user_name, user_name_key, first_name, last_name, email, email_key, status, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, now())`,
    [id, name, name, firstName, lastName, `${name}@example.org`, `${name}@example.org`, status],
  );
  return id;
}

/** Somebody on staff, employed at `site` when given, with no account. */
export async function aStaffMember(
  em: EntityManager,
  {
    firstName = 'Robin',
    lastName = `Moss`,
    site,
    position = 'Teacher',
  }: { firstName?: string; lastName?: string; site?: string; position?: string } = {},
): Promise<Person> {
  const staffMemberId = newId();
  const staffId = String(9_000_000_000 + next());
  await em.execute(
    `insert into staff_member (id, staff_id, first_name, last_name, name_key, created_at) values (?, ?, ?, ?, ?, now())`,
    [staffMemberId, staffId, firstName, lastName, nameKey(lastName, firstName)],
  );
  if (site)
    await em.execute(
      `insert into employment (id, staff_member_id, site_code, position, from_day) values (?, ?, ?, ?, '2020-08-01')`,
      [newId(), staffMemberId, site, position],
    );
  return { staffMemberId, staffId, firstName, lastName };
}

/** Somebody on staff with an account linked to them: anyone who can ask for access. */
export async function aTeacher(em: EntityManager, about: Parameters<typeof aStaffMember>[1] = {}): Promise<TestPerson> {
  const person = await aStaffMember(em, about);
  const accountId = await anAccount(em, person);
  await em.execute(`insert into staff_link (id, account_id, staff_member_id, linked_at) values (?, ?, ?, now())`, [
    newId(),
    accountId,
    person.staffMemberId,
  ]);
  return { ...person, accountId, actor: { client: 'portal', accountId } };
}

export interface TestCoordinator extends TestPerson {
  coordinatorId: string;
}

interface Scope {
  reach: Reach;
  /** Needed for all but the state. */
  system?: string;
  /** Needed for a site (one) and a group. */
  sites?: string[];
  /** Limit to one application. */
  application?: string;
  fromDay?: string;
  toDay?: string;
  /** false: has not signed the coordinators' statement. */
  signed?: boolean;
}

/** Signs the coordinators' statement for a person, for as long as any test may last. */
export async function signStatement(em: EntityManager, staffMemberId: string): Promise<void> {
  await em.execute(
    `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
     select gen_random_uuid(), ?, 'coordinator', 'test', 'test', day, day
     from generate_series('2020-08-01'::date, now() + interval '3 years', interval '11 months') as day`,
    [staffMemberId],
  );
}

/** Gives a person an assignment, from long ago when no day is named, and a signed statement. @returns the assignment's id */
export async function anAssignment(
  em: EntityManager,
  staffMemberId: string,
  { reach, system, sites = [], application, fromDay = '2020-08-01', toDay, signed = true }: Scope,
): Promise<string> {
  const id = newId();
  if (signed) await signStatement(em, staffMemberId);
  await em.execute(
    `insert into coordinator (id, staff_member_id, reach, system_code, application, from_day, to_day, created_at) values (?, ?, ?, ?, ?, ?, ?, now())`,
    [id, staffMemberId, reach, reach === 'state' ? null : system, application ?? null, fromDay, toDay ?? null],
  );
  for (const site of sites)
    await em.execute(`insert into coordinator_site (coordinator_id, site_code) values (?, ?)`, [id, site]);
  return id;
}

/** A coordinator who can sign in. */
export async function aCoordinator(
  em: EntityManager,
  { firstName = 'Dana', lastName = 'Reyes', ...scope }: Scope & { firstName?: string; lastName?: string },
): Promise<TestCoordinator> {
  const person = await aTeacher(em, { firstName, lastName });
  return { ...person, coordinatorId: await anAssignment(em, person.staffMemberId, scope) };
}

/** Somebody at the state desk. */
export const aStateOfficer = (
  em: EntityManager,
  name: { firstName?: string; lastName?: string } = {},
): Promise<TestCoordinator> => aCoordinator(em, { reach: 'state', ...name });

/** Somebody who heads a school system, in the place of whoever did before, and may designate its coordinators. */
export async function aHead(
  em: EntityManager,
  system: string,
  about: Parameters<typeof aStaffMember>[1] = { firstName: 'Corinne', lastName: 'Landry' },
): Promise<TestPerson> {
  const person = await aTeacher(em, about);
  await em.execute(`update system_head set ended_at = now() where system_code = ? and ended_at is null`, [system]);
  await em.execute(
    `insert into system_head (id, system_code, staff_member_id, title, from_day, created_at) values (?, ?, ?, 'Superintendent', '2020-08-01', now())`,
    [newId(), system, person.staffMemberId],
  );
  return person;
}

/** Somebody stands in for an assignment, since long ago and for long when no day is named. @returns the cover's id */
export async function aCover(
  em: EntityManager,
  coordinatorId: string,
  staffMemberId: string,
  {
    sites,
    application,
    fromDay = '2020-08-01',
    toDay = '2999-08-01',
  }: { sites?: string[]; application?: string; fromDay?: string; toDay?: string } = {},
): Promise<string> {
  const id = newId();
  await em.execute(
    `insert into coordinator_cover (id, coordinator_id, staff_member_id, every_site, application, from_day, to_day, created_at) values (?, ?, ?, ?, ?, ?, ?, now())`,
    [id, coordinatorId, staffMemberId, !sites, application ?? null, fromDay, toDay],
  );
  for (const site of sites ?? [])
    await em.execute(`insert into coordinator_cover_site (cover_id, site_code) values (?, ?)`, [id, site]);
  return id;
}

/** Puts a request into the past, with the copies of its moment that lists are ordered by. */
export async function sentAt(em: EntityManager, requestId: string, at: Date): Promise<void> {
  await em.execute(`update permission_request set submitted_at = ? where id = ?`, [at, requestId]);
  await em.execute(`update request_line set submitted_at = ? where request_id = ?`, [at, requestId]);
  await em.execute(`update request_decider set open_since = ? where request_id = ? and open_since is not null`, [
    at,
    requestId,
  ]);
}

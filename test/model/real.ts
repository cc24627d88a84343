import type { EntityManager } from '@mikro-orm/postgresql';
import { ComplianceModule } from '#compliance';
import { days, localDay, type SignedIn } from '#kernel';
import type { Decision, Wish } from '#requests';
import type { Location } from '#sites';
import { MovableClock } from '../support/clock.js';
import { startLibs, type TestLibs } from '../support/libs.js';
import { aCoordinator, aSite, aStateOfficer, aSystem, aTeacher, type TestPerson } from '../support/people.js';
import type { Decide } from './deciding.js';
import { firstWorld, isSite, type ModelWish, type ModelSeat, type World } from './world.js';

/** The product itself on real PostgreSQL, with the model's short names for what is in it. */
export class Real {
  private readonly ids = new Map<string, string>();
  private readonly people = new Map<string, TestPerson>();

  private constructor(
    private readonly libs: TestLibs,
    private readonly clock: MovableClock,
    private readonly officer: TestPerson,
  ) {}

  static async start(): Promise<Real> {
    const clock = new MovableClock();
    const libs = await startLibs([ComplianceModule], { clock });
    return new Real(libs, clock, await aStateOfficer(libs.em));
  }

  get em(): EntityManager {
    return this.libs.em;
  }

  get app(): TestLibs['app'] {
    return this.libs.app;
  }

  close(): Promise<void> {
    return this.libs.close();
  }

  /** Makes the first world anew, beside those of before; only the state desk is one for all. @returns what the model begins with */
  async anew(): Promise<World> {
    this.ids.clear();
    this.people.clear();
    const world = firstWorld(this.today());
    for (const system of ['A', 'B']) this.keep(system, await aSystem(this.em));
    for (const [site, { system }] of Object.entries(world.sites))
      this.keep(site, await aSite(this.em, this.code(system)));
    this.people.set('desk', this.officer);
    for (const [name, seat] of Object.entries(world.seats)) if (name !== 'desk') await this.seat(name, seat);
    for (const name of ['t1', 't2'])
      this.people.set(
        name,
        await aTeacher(this.em, { lastName: name, site: this.code(world.people[name]!.employedAt!) }),
      );
    for (const [name, { signedUntil }] of Object.entries(world.people))
      if (signedUntil) await this.signed(name, signedUntil);
    return world;
  }

  private async seat(name: string, { reach, system, site, application }: ModelSeat): Promise<void> {
    const scope = {
      reach,
      system: this.code(system!),
      sites: site ? [this.code(site)] : [],
      application,
      signed: false,
    };
    const { coordinatorId, ...person } = await aCoordinator(this.em, { lastName: name, ...scope });
    this.people.set(name, person);
    this.keep(`seat ${name}`, coordinatorId);
  }

  private async signed(name: string, until: string): Promise<void> {
    await this.em.execute(
      `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at)
       select gen_random_uuid(), ?, 'coordinator', 'test', 'test', day, day from (select ?::date - interval '1 year' as day) at`,
      [this.person(name), until],
    );
  }

  get<T>(token: new (...parts: never[]) => T): T {
    return this.app.get(token, { strict: false });
  }

  today(): string {
    return localDay(this.clock.now());
  }

  now(): Date {
    return this.clock.now();
  }

  nextDay(): void {
    this.clock.advance(days(1));
  }

  keep(name: string, id: string): void {
    this.ids.set(name, id);
  }

  /** The id of something by its name in the model. */
  id(name: string): string {
    const id = this.ids.get(name);
    if (!id) throw new Error(`the model knows ${name}, the tables do not`);
    return id;
  }

  /** Names in the model that begin so, with their ids. */
  named(kind: string): [name: string, id: string][] {
    return [...this.ids].filter(([name]) => name.startsWith(kind)).map(([name, id]) => [name.slice(kind.length), id]);
  }

  /** Of everything that has a name. */
  allIds(): string[] {
    return [...this.ids.values(), ...this.accounts().map(([, id]) => id)];
  }

  /** The code of a place. */
  code(place: string): string {
    return this.id(place);
  }

  location(place: string): Location {
    return { level: isSite(place) ? 'site' : 'system', code: this.code(place) };
  }

  wish({ place, to, permissions, ...wish }: ModelWish): Wish {
    return { ...wish, permissions: [...permissions], location: this.location(place), toDay: to };
  }

  /** Whether something has a name. */
  knows(id: string): boolean {
    return [...this.ids.values()].includes(id);
  }

  staffId(name: string): string {
    return this.people.get(name)!.staffId;
  }

  /** The staff member. */
  person(name: string): string {
    return this.people.get(name)!.staffMemberId;
  }

  /** A staff member's name in the model. */
  nameOf(staffMemberId: string): string {
    return [...this.people].find(([, one]) => one.staffMemberId === staffMemberId)?.[0] ?? staffMemberId;
  }

  actor(name: string): SignedIn {
    return this.people.get(name)!.actor;
  }

  accounts(): [name: string, accountId: string][] {
    return [...this.people].map(([name, { accountId }]) => [name, accountId]);
  }

  /** Keeps a new request with its lines. */
  async keepRequest(name: string, id: string): Promise<void> {
    this.keep(`request ${name}`, id);
    this.keep(name, id);
    const lines = await this.em.execute<{ id: string }[]>(
      `select id from request_line where request_id = ? order by position`,
      [id],
    );
    lines.forEach((line, at) => this.keep(`line ${name}.${at}`, line.id));
  }

  /** Keeps what came of lines by itself: grants and offers. */
  async keepFruits(): Promise<void> {
    const lines = new Map(this.named('line ').map(([name, id]) => [id, name]));
    const rows = await this.em.execute<{ id: string; line: string; version: number | null }[]>(
      `with line as (select value::uuid as id from json_array_elements_text(?::json))
       select g.id, line.id as line, null::int as version from line join access_grant g on g.request_line_id = line.id
       union all select o.id, line.id, o.version from line join line_offer o on o.line_id = line.id`,
      [JSON.stringify([...lines.keys()])],
    );
    for (const { id, line, version } of rows)
      this.keep(version === null ? lines.get(line)! : `offer ${lines.get(line)}@${version}`, id);
  }

  decisions(request: string, chosen: Decide['decisions']): Decision[] {
    return chosen.map(([at, verdict, ends = []]) => ({
      lineId: this.id(`line ${request}.${at}`),
      verdict,
      ends: ends.map((name) => this.id(name)),
      ...(verdict === 'narrow' && { permission: 'ser-data-reader' }),
      ...(verdict === 'reject' && { reason: 'Not needed.' }),
    }));
  }
}

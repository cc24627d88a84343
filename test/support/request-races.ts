import { Appointments } from '#coordinators';
import { newId, type SignedIn } from '#kernel';
import {
  type RequestForm,
  RequestLists,
  RequestQueries,
  RequestsModule,
  RequestsService,
  type RequestView,
} from '#requests';
import { codeOf, startLibs, type TestLibs } from './libs.js';
import type { Wanted } from './request-office.js';
import { aCoordinator, aSite, aSystem, aTeacher, type TestCoordinator, type TestPerson } from './people.js';

/** How often a race is run: `EDLINK_RACE_ROUNDS=200` by hand and before a release. */
export const rounds = Number(process.env.EDLINK_RACE_ROUNDS ?? 40);

/** What `codeOf` says of a verb that was done. */
export const done = 'done: undefined';

/** Waits up to so many milliseconds. */
export const pause = (most: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * most));

/** A school with two system coordinators, and the verbs people race each other with. */
export class RequestRaces {
  readonly requests: RequestsService;
  readonly queries: RequestQueries;
  readonly lists: RequestLists;
  readonly appointments: Appointments;

  system!: string;
  school!: string;
  first!: TestCoordinator;
  second!: TestCoordinator;

  private constructor(readonly libs: TestLibs) {
    this.requests = libs.app.get(RequestsService);
    this.queries = libs.app.get(RequestQueries);
    this.lists = libs.app.get(RequestLists);
    this.appointments = libs.app.get(Appointments, { strict: false });
  }

  static async start(): Promise<RequestRaces> {
    const libs = await startLibs([RequestsModule]);
    const races = new RequestRaces(libs);
    await races.elsewhere();
    return races;
  }

  /** Goes on in another school system: what earlier rounds left open is not routed anew in the next ones. */
  async elsewhere(): Promise<void> {
    const { em } = this.libs;
    this.system = await aSystem(em);
    this.school = await aSite(em, this.system);
    this.first = await aCoordinator(em, { reach: 'system', system: this.system });
    this.second = await aCoordinator(em, { reach: 'system', system: this.system });
  }

  wish({ why, formKey = newId(), mayNarrow, replacesId, ...more }: Wanted = {}): RequestForm {
    const wish = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permissions: ['iep-form-writer'],
      location: { level: 'site' as const, code: this.school },
      ...more,
    };
    return { wishes: [wish], why, formKey, mayNarrow, replacesId };
  }

  /** A new teacher who has asked. */
  async asked(more: Wanted = {}): Promise<{ teacher: TestPerson; view: RequestView }> {
    const teacher = await aTeacher(this.libs.em);
    const { id } = await this.requests.submit(teacher.actor, this.wish(more));
    return { teacher, view: await this.queries.view(teacher.actor, id) };
  }

  /** Another coordinator of the system, for races that take the office away. */
  passing(): Promise<TestCoordinator> {
    return aCoordinator(this.libs.em, { reach: 'system', system: this.system });
  }

  /** @returns the outcome, as `codeOf` says it */
  approve({ id, version, lines }: RequestView, actor: SignedIn, at = 0): Promise<string> {
    const decisions = [{ lineId: lines[at]!.id, verdict: 'approve' as const }];
    return codeOf(this.requests.decide(actor, id, { version, decisions }).then(() => undefined));
  }

  /** @returns the outcome, as `codeOf` says it */
  reject({ id, version, lines }: RequestView, actor: SignedIn): Promise<string> {
    const decisions = [{ lineId: lines[0]!.id, verdict: 'reject' as const, reason: 'No' }];
    return codeOf(this.requests.decide(actor, id, { version, decisions }).then(() => undefined));
  }

  /** How many grants a person was ever given; a place that moved may have ended them since. */
  async given(teacher: TestPerson): Promise<number> {
    return (await this.libs.em.execute(`select 1 from access_grant where account_id = ?`, [teacher.accountId])).length;
  }

  /** How many live grants a person has. */
  async live(teacher: TestPerson): Promise<number> {
    const rows = await this.libs.em.execute(
      `select 1 from grant_version where account_id = ? and superseded_at is null and to_at is null`,
      [teacher.accountId],
    );
    return rows.length;
  }
}

import { GrantsService } from '#grants';
import { newId, type SignedIn } from '#kernel';
import {
  type Decision,
  type RequestForm,
  RequestLists,
  RequestQueries,
  RequestsModule,
  RequestsService,
  type RequestView,
  type Wish,
} from '#requests';
import { brokenInvariants } from './invariants.js';
import { startLibs, type TestLibs } from './libs.js';
import {
  aCoordinator,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  type TestCoordinator,
  type TestPerson,
} from './people.js';

/** What a test asks for: one wish, changed where it matters, with the rest of the form. */
export type Wanted = Partial<Wish & Omit<RequestForm, 'wishes'>>;

/** A school of a parish with one system coordinator, a state desk, and a new teacher for each test. */
export class RequestOffice {
  libs!: TestLibs;
  requests!: RequestsService;
  queries!: RequestQueries;
  lists!: RequestLists;
  grants!: GrantsService;
  system!: string;
  school!: string;
  coordinator!: TestCoordinator;
  officer!: TestCoordinator;
  teacher!: TestPerson;

  /** Opens for the specs of one file; no test may leave an invariant broken. */
  static inSpec(): RequestOffice {
    const office = new RequestOffice();
    beforeAll(() => office.open());
    afterAll(() => office.libs?.close());
    beforeEach(async () => {
      const about = { firstName: 'Lee', lastName: 'Carter', site: office.school };
      office.teacher = await aTeacher(office.libs.em, about);
    });
    afterEach(async () => expect(await brokenInvariants(office.libs.em)).toEqual([]));
    return office;
  }

  private async open(): Promise<void> {
    this.libs = await startLibs([RequestsModule]);
    const { app, em } = this.libs;
    this.requests = app.get(RequestsService);
    this.queries = app.get(RequestQueries);
    this.lists = app.get(RequestLists);
    this.grants = app.get(GrantsService, { strict: false });
    this.system = await aSystem(em, { name: 'Acadia Parish' });
    this.school = await aSite(em, this.system, { name: 'Cypress Bend High' });
    const ana = { firstName: 'Ana', lastName: 'Ruiz' };
    this.coordinator = await aCoordinator(em, { reach: 'system', system: this.system, ...ana });
    this.officer = await aStateOfficer(em, { firstName: 'Odile', lastName: 'Stone' });
  }

  wish({ why, formKey = newId(), mayNarrow, replacesId, ...more }: Wanted = {}): RequestForm {
    const wish = {
      application: 'ser-iep-form',
      role: 'iep-form',
      permissions: ['iep-form-writer', 'iep-form-approver'],
      location: { level: 'site' as const, code: this.school },
      ...more,
    };
    return { wishes: [wish], why, formKey, mayNarrow, replacesId };
  }

  /** A request as its requester sees it. */
  async submitted(more: Wanted = {}, actor: SignedIn = this.teacher.actor): Promise<RequestView> {
    const { id } = await this.requests.submit(actor, this.wish(more));
    return this.queries.view(actor, id);
  }

  async decide(
    view: RequestView,
    decisions: Decision[],
    actor: SignedIn = this.coordinator.actor,
    version = view.version,
  ): Promise<void> {
    await this.requests.decide(actor, view.id, { version, decisions });
  }

  /** What a person may do now. */
  async effective(person: TestPerson): Promise<string[]> {
    return (await this.grants.effective(person.accountId, undefined, new Date())).map((one) => one.permission);
  }

  auditOf(target: string): Promise<{ action: string; result: string; reason: string | null }[]> {
    return this.libs.em.execute(`select action, result, reason from audit_entry where target = ? order by id`, [
      target,
    ]);
  }

  messagesTo(person: TestPerson): Promise<{ kind: string; facts: Record<string, string> }[]> {
    return this.libs.em.execute(`select kind, facts from message where recipient_id = ? order by queued_at`, [
      person.accountId,
    ]);
  }

  async countOf(table: string): Promise<number> {
    return Number((await this.libs.em.execute<{ count: string }[]>(`select count(*) from ${table}`))[0]!.count);
  }
}

export const approveAll = (view: RequestView): Decision[] =>
  view.lines.map((line) => ({ lineId: line.id, verdict: 'approve' }));

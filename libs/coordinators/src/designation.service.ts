import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { Appointer } from './appointer.js';
import { CoordinatorNews } from './coordinator-news.js';
import { CoordinatorsService } from './coordinators.service.js';
import { checkedDays, checkedReason, type Designation, type Scope, scopeOf } from './designation.js';
import {
  DesignationReading,
  type DesignationRow,
  type Looker,
  mayStep,
  seesDesignation,
} from './designation-reading.js';
import { designationSteps, type DesignationVerb, type DesignationView, standsInWords } from './designation-view.js';
import { HeadsService } from './heads.service.js';
import { holdRouting } from './hold-routing.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice, unsigned } from './state-office.js';

/** The electronic form a head fills in. */
export interface DesignationProposal extends Omit<Designation, 'staffMemberId' | 'reach' | 'systemCode'> {
  /** Made by the page: the same form sent twice makes one designation. */
  formKey: string;
  /** 10 digits, of the person who is to become a coordinator. */
  staffId: string;
  reach: 'site' | 'group' | 'system';
  systemCode: string;
  /** 1 to 2,000 characters. */
  reason: string;
}

/** One step: `version` is the one the person saw. */
interface Step {
  version: number;
  note?: string;
}

/**
 * How one becomes a coordinator: the head designates, the state office approves, the person signs and asks, the state office
 * grants. Every step is kept and told. Locks go in one order: people, routing, assignments, places, the form.
 */
@Injectable()
export class DesignationService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly catalog: CatalogService,
    private readonly coordinators: CoordinatorsService,
    private readonly heads: HeadsService,
    private readonly office: StateOffice,
    private readonly appointer: Appointer,
    private readonly reading: DesignationReading,
    private readonly news: CoordinatorNews,
  ) {}

  /**
   * A head designates a person for his own system. Sent again with the same key it is the same designation.
   * @returns the designation's id
   * @throws coordinators.not-head (403), coordinators.unknown-person, coordinators.wrong-scope, sites.*, catalog.* (422),
   *   coordinators.already (409: designated so already, or a coordinator with this scope)
   */
  async propose(actor: SignedIn, form: DesignationProposal): Promise<string> {
    const { staffId, systemCode, reach, application, toDay, formKey } = form;
    const today = localDay(this.clock.now());
    const fromDay = form.fromDay ?? today;
    const reason = checkedReason(form.reason);
    checkedDays(fromDay, toDay, today);
    if (!isRowId(formKey)) throw coordinatorsProblems.wrongScope('Load the form again and send it from there.');
    if ((reach as string) === 'state') throw coordinatorsProblems.wrongScope('A head names nobody for the state desk.');
    return this.em.transactional(async () => {
      const by = await this.mustHead(actor, systemCode);
      const [same] = await this.em.execute<{ id: string }[]>(
        `select id from designation where proposed_by = ? and form_key = ?`,
        [by, formKey],
      );
      if (same) return same.id;
      const staffMemberId = await this.personOf(staffId);
      await this.appointer.hold(staffMemberId);
      const scope = await this.scope(form);
      const wanted = { staffMemberId, reach, ...scope, application, fromDay, toDay };
      if ((await this.appointer.isThere(wanted)) || (await this.isOpen(wanted)))
        throw coordinatorsProblems.already(
          'This person is designated or a coordinator with exactly this scope already. Look at your list of designations.',
        );
      const id = newId();
      const made = await this.em.execute<{ id: string }[]>(
        `insert into designation (id, staff_member_id, reach, system_code, application, from_day, to_day, reason, status, version, proposed_by, form_key, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, 'proposed', 1, ?, ?, ?) on conflict (proposed_by, form_key) do nothing returning id`,
        [
          id,
          staffMemberId,
          reach,
          systemCode,
          application ?? null,
          fromDay,
          toDay ?? null,
          reason,
          by,
          formKey,
          this.clock.now(),
        ],
      );
      if (!made.length) return this.sameForm(by, formKey);
      await this.em.execute(
        `insert into designation_site (designation_id, site_code) select ?, value from json_array_elements_text(?::json)`,
        [id, JSON.stringify(scope.siteCodes)],
      );
      await this.keep(actor, { id, staffMemberId }, 'propose', by, reason);
      await this.news.tellDesk('coordinators.designation-proposed', {
        id,
        by: await this.appointer.nameOf(by),
        person: await this.appointer.nameOf(staffMemberId),
        scope: await this.appointer.scopeWords(wanted),
      });
      return id;
    });
  }

  /**
   * The state office agrees; the person is told to sign and to ask for access. Never by the person or the head concerned.
   * @throws as `step`
   */
  approve(actor: SignedIn, id: string, step: Step): Promise<void> {
    return this.step(actor, id, 'approve', step);
  }

  /** The state office does not agree, at any point before the grant. @throws as `step`; coordinators.wrong-scope without a reason */
  refuse(actor: SignedIn, id: string, { version, reason }: { version: number; reason: string }): Promise<void> {
    return this.step(actor, id, 'refuse', { version, note: checkedReason(reason) });
  }

  /** The person asks for access, with the statement signed. @throws as `step`; coordinators.unsigned (409) */
  ask(actor: SignedIn, id: string, { version }: { version: number }): Promise<void> {
    return this.step(actor, id, 'ask', { version });
  }

  /**
   * The state office makes the person a coordinator. What the form says is asked again; days that passed begin today.
   * @throws as `step`; coordinators.wrong-scope, sites.* (422), coordinators.already (409)
   */
  grant(actor: SignedIn, id: string, { version }: { version: number }): Promise<void> {
    return this.step(actor, id, 'grant', { version });
  }

  /** The head or the person takes it back, at any point before the grant. @throws as `step` */
  withdraw(actor: SignedIn, id: string, { version }: { version: number }): Promise<void> {
    return this.step(actor, id, 'withdraw', { version });
  }

  /**
   * Designations the actor is concerned with: all for the state desk, those of own systems for heads, those about oneself.
   * Open ones first, longest first; at most 500.
   */
  async list(actor: SignedIn, filter: { open?: boolean; systemCode?: string } = {}): Promise<DesignationView[]> {
    const looker = await this.lookerOf(actor);
    if (!looker.person) return [];
    return this.reading.views(await this.reading.rows(looker, filter), looker);
  }

  /**
   * One designation with its steps.
   * @throws coordinators.not-found (404) for anybody not concerned, as for an absent one
   */
  async get(actor: SignedIn, id: string): Promise<DesignationView> {
    const looker = await this.lookerOf(actor);
    const row = await this.visible(id, looker, 'designation.view');
    const [view] = await this.reading.views([row], looker, await this.reading.steps(id));
    return view!;
  }

  /**
   * @throws coordinators.not-found (404), coordinators.not-yours (403: a step for somebody else, also for the state desk in its
   *   own matter), coordinators.moved-on (409: another step came first)
   */
  private async step(actor: SignedIn, id: string, verb: DesignationVerb, { version, note }: Step): Promise<void> {
    if (note !== undefined) checkedReason(note);
    const action = `designation.${verb}`;
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      const known = isRowId(id) ? await this.reading.row(id) : undefined;
      if (known && verb === 'grant') {
        await this.appointer.hold(known.staffMemberId);
        await holdRouting(this.em, [known.systemCode], 'change');
      }
      const looker = await this.lookerFor(person);
      const row = await this.visible(id, looker, action);
      if (!mayStep(row, verb, looker))
        throw coordinatorsProblems.notYours(
          'This step is for somebody else. Load the page again to see what you may do.',
          {
            refusal: { action, target: `designation:${id}` },
          },
        );
      if ((verb === 'ask' || looker.desk) && !(await this.coordinators.hasSigned(person!))) throw unsigned();
      const coordinatorId = verb === 'grant' ? newId() : null;
      await this.move(row, verb, version, coordinatorId);
      await this.keep(actor, row, verb, person!, note);
      if (coordinatorId) await this.appoint(actor, row, coordinatorId);
      await this.tell(row, verb, person!, note);
    });
  }

  /** Takes the step if nobody took one since the person looked. */
  private async move(
    row: DesignationRow,
    verb: DesignationVerb,
    version: number,
    coordinatorId: string | null,
  ): Promise<void> {
    const { from, to } = designationSteps[verb];
    const moved = await this.em.execute<unknown[]>(
      `update designation set status = ?, version = version + 1, coordinator_id = ? where id = ? and version = ?
         and status in (select value from json_array_elements_text(?::json)) returning id`,
      [to, coordinatorId, row.id, version, JSON.stringify(from)],
    );
    if (moved.length) return;
    const now = await this.reading.row(row.id);
    throw coordinatorsProblems.movedOn(
      `This designation changed meanwhile: it ${standsInWords[now!.status]}. Load the page again.`,
    );
  }

  private async appoint(actor: SignedIn, row: DesignationRow, id: string): Promise<void> {
    const today = localDay(this.clock.now());
    const toDay = row.toDay ?? undefined;
    if (toDay !== undefined && toDay <= today)
      throw coordinatorsProblems.wrongScope(
        'The days of this designation are over. Refuse it, and have a new one made.',
      );
    const fromDay = row.fromDay < today ? today : row.fromDay;
    const application = row.application ?? undefined;
    const { staffMemberId, reach } = row;
    const scope = await this.scope({ reach, systemCode: row.systemCode, siteCodes: row.siteCodes, application });
    await this.appointer.appoint(actor, { id, staffMemberId, reach, ...scope, application, fromDay, toDay });
  }

  /** The step as history and audit keep it. */
  private async keep(
    actor: SignedIn,
    { id, staffMemberId }: { id: string; staffMemberId: string },
    verb: DesignationVerb | 'propose',
    by: string,
    note?: string,
  ): Promise<void> {
    const step = verb === 'propose' ? 'proposed' : designationSteps[verb].to;
    await this.em.execute(
      `insert into designation_step (id, designation_id, step, by_staff_member_id, at, note) values (?, ?, ?, ?, ?, ?)`,
      [newId(), id, step, by, this.clock.now(), note ?? null],
    );
    await this.audit.record(actor, {
      action: `designation.${verb}`,
      target: `designation:${id}`,
      after: { staffMemberId, status: step },
      reason: note,
    });
  }

  /** Whoever is next is told what to do, the others how it went. */
  private async tell(row: DesignationRow, verb: DesignationVerb, by: string, note?: string): Promise<void> {
    const [head, person] = [row.proposedBy, row.staffMemberId];
    const facts = {
      id: row.id,
      step: designationSteps[verb].to,
      by: await this.appointer.nameOf(head),
      person: await this.appointer.nameOf(person),
      scope: await this.appointer.scopeWords({ ...row, application: row.application ?? undefined, toDay: undefined }),
      ...(note !== undefined && { note }),
    };
    if (verb === 'ask') return this.news.tellDesk('coordinators.designation-asked', facts);
    const told = verb === 'grant' || verb === 'approve' ? [head] : [head, person];
    await this.news.tell(
      told.filter((one) => one !== by && !(verb === 'approve' && one === person)),
      'coordinators.designation-moved',
      facts,
    );
    if (verb === 'approve') await this.news.tell([person], 'coordinators.designation-approved', facts);
  }

  private async mustHead(actor: SignedIn, systemCode: string): Promise<string> {
    const person = await this.office.personOf(actor);
    const headed = person ? await this.heads.systemsHeadedBy(person) : [];
    if (person && headed.some((one) => one.systemCode === systemCode)) return person;
    throw coordinatorsProblems.notHead(
      'Coordinators of a school system are designated by its head. Ask the head, or write to the state desk if the record is wrong.',
      { refusal: { action: 'designation.propose', target: `system:${systemCode}` } },
    );
  }

  private async personOf(staffId: string): Promise<string> {
    const person = /^\d{10}$/.test(staffId) ? await this.staff.memberByStaffId(staffId) : undefined;
    if (person) return person.id;
    const message = 'Nobody has this Staff ID. Check the 10 digits with the person.';
    throw coordinatorsProblems.unknownPerson(message, { errors: [{ field: 'staffId', message }] });
  }

  private scope(form: Omit<Designation, 'staffMemberId'>): Promise<Scope> {
    const { reach, systemCode, siteCodes, application } = form;
    return scopeOf({ sites: this.sites, catalog: this.catalog }, { reach, systemCode, siteCodes, application });
  }

  /** Whether the same is proposed for the person and still open. The person is held. */
  private async isOpen(
    wanted: Scope & { staffMemberId: string; reach: string; application?: string },
  ): Promise<boolean> {
    const rows = await this.em.execute<{ codes: string[] }[]>(
      `select array(select s.site_code from designation_site s where s.designation_id = d.id) as codes from designation d
       where d.staff_member_id = ? and d.reach = ? and d.system_code = ? and d.application is not distinct from ?
         and d.status in ('proposed', 'approved', 'asked')`,
      [wanted.staffMemberId, wanted.reach, wanted.systemCode, wanted.application ?? null],
    );
    return rows.some(({ codes }) => codes.sort().join() === wanted.siteCodes.join());
  }

  private async sameForm(by: string, formKey: string): Promise<string> {
    const [row] = await this.em.execute<{ id: string }[]>(
      `select id from designation where proposed_by = ? and form_key = ?`,
      [by, formKey],
    );
    return row!.id;
  }

  private async visible(id: string, looker: Looker, action: string): Promise<DesignationRow> {
    const row = isRowId(id) ? await this.reading.row(id) : undefined;
    if (row && seesDesignation(row, looker)) return row;
    throw coordinatorsProblems.notFound('There is no such designation. Load your list again.', {
      refusal: { action, target: `designation:${id}` },
    });
  }

  private async lookerOf(actor: SignedIn): Promise<Looker> {
    return this.lookerFor((await this.staff.memberOf(actor.accountId))?.id);
  }

  private async lookerFor(person: string | undefined): Promise<Looker> {
    if (!person) return { desk: false, heads: [] };
    const heads = (await this.heads.systemsHeadedBy(person)).map(({ systemCode }) => systemCode);
    return { person, desk: await this.office.isAtDesk(person), heads };
  }
}

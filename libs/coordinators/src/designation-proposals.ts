import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { StaffService } from '#staff';
import { Appointer, type Appointment } from './appointer.js';
import { CoordinatorNews } from './coordinator-news.js';
import { checkedDays, checkedReason, type Designation, scopeOf } from './designation.js';
import { DesignationRecord } from './designation-record.js';
import { HeadsService } from './heads.service.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice } from './state-office.js';

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

const { already, notHead, unknownPerson, wrongScope } = coordinatorsProblems;

/** Takes the forms of heads. */
@Injectable()
export class DesignationProposals {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly staff: StaffService,
    private readonly catalog: CatalogService,
    private readonly heads: HeadsService,
    private readonly office: StateOffice,
    private readonly appointer: Appointer,
    private readonly record: DesignationRecord,
    private readonly news: CoordinatorNews,
  ) {}

  /** As `DesignationService.propose`. */
  async propose(actor: SignedIn, form: DesignationProposal): Promise<string> {
    const { staffId, systemCode, reach, application, toDay, formKey } = form;
    const today = localDay(this.clock.now());
    const fromDay = form.fromDay ?? today;
    const reason = checkedReason(form.reason);
    checkedDays(fromDay, toDay, today);
    if (!isRowId(formKey)) throw wrongScope('Load the form again and send it from there.');
    if ((reach as string) === 'state') throw wrongScope('A head names nobody for the state desk.');
    return this.em.transactional(async () => {
      const by = await this.mustHead(actor, systemCode);
      const staffMemberId = await this.personOf(staffId);
      await this.appointer.hold(staffMemberId);
      const content = contentOf(staffMemberId, { ...form, reason });
      const sent = await this.sentBefore(by, formKey, content);
      if (sent) return sent;
      const scope = await scopeOf({ sites: this.sites, catalog: this.catalog }, form);
      const wanted = { id: newId(), staffMemberId, reach, ...scope, application, fromDay, toDay };
      if ((await this.appointer.isThere(wanted)) || (await this.isOpen(wanted)))
        throw already(
          'This person is designated or a coordinator with exactly this scope already. Look at your list of designations.',
        );
      if (!(await this.write(wanted, { reason, by, formKey }))) throw otherForm();
      await this.record.keep(actor, wanted, 'propose', by, reason);
      await this.news.tellDesk('coordinators.designation-proposed', {
        id: wanted.id,
        by: await this.appointer.nameOf(by),
        person: await this.appointer.nameOf(staffMemberId),
        scope: await this.appointer.scopeWords(wanted),
      });
      return wanted.id;
    });
  }

  /** @returns false when the same form is being sent for somebody else */
  private async write(wanted: Appointment, form: { reason: string; by: string; formKey: string }): Promise<boolean> {
    const made = await this.em.execute<unknown[]>(
      `insert into designation (id, staff_member_id, reach, system_code, application, from_day, to_day, reason, status, version, proposed_by, form_key, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, 'proposed', 1, ?, ?, ?) on conflict (proposed_by, form_key) do nothing returning id`,
      [
        wanted.id,
        wanted.staffMemberId,
        wanted.reach,
        wanted.systemCode,
        wanted.application ?? null,
        wanted.fromDay,
        wanted.toDay ?? null,
        form.reason,
        form.by,
        form.formKey,
        this.clock.now(),
      ],
    );
    if (!made.length) return false;
    await this.em.execute(
      `insert into designation_site (designation_id, site_code) select ?, value from json_array_elements_text(?::json)`,
      [wanted.id, JSON.stringify(wanted.siteCodes)],
    );
    return true;
  }

  private async mustHead(actor: SignedIn, systemCode: string): Promise<string> {
    const person = await this.office.personOf(actor);
    const headed = person ? await this.heads.systemsHeadedBy(person) : [];
    if (person && headed.some((one) => one.systemCode === systemCode)) return person;
    throw notHead(
      'Coordinators of a school system are designated by its head. Ask the head, or write to the state office if the record is wrong.',
      { refusal: { action: 'designation.propose', target: `system:${systemCode}` } },
    );
  }

  private async personOf(staffId: string): Promise<string> {
    const person = /^\d{10}$/.test(staffId) ? await this.staff.memberByStaffId(staffId) : undefined;
    if (person) return person.id;
    const message = 'Nobody has this Staff ID. Check the 10 digits with the person.';
    throw unknownPerson(message, { errors: [{ field: 'staffId', message }] });
  }

  /**
   * The designation this form made when it was sent before; the person is held, so another sending is over or waits.
   * @throws coordinators.wrong-scope (422) when it said something else
   */
  private async sentBefore(by: string, formKey: string, content: string): Promise<string | undefined> {
    const [row] = await this.em.execute<SentForm[]>(
      `select d.id, d.staff_member_id as "staffMemberId", d.reach, d.system_code as "systemCode", d.application, d.reason,
         array(select s.site_code from designation_site s where s.designation_id = d.id) as "siteCodes"
       from designation d where d.proposed_by = ? and d.form_key = ?`,
      [by, formKey],
    );
    if (row && contentOf(row.staffMemberId, row) !== content) throw otherForm();
    return row?.id;
  }

  /** Whether the same is proposed for the person and still open. */
  private async isOpen(wanted: Appointment): Promise<boolean> {
    const rows = await this.em.execute<{ codes: string[] }[]>(
      `select array(select s.site_code from designation_site s where s.designation_id = d.id) as codes from designation d
       where d.staff_member_id = ? and d.reach = ? and d.system_code = ? and d.application is not distinct from ?
         and d.status in ('proposed', 'approved', 'asked')`,
      [wanted.staffMemberId, wanted.reach, wanted.systemCode, wanted.application ?? null],
    );
    return rows.some(({ codes }) => codes.sort().join() === wanted.siteCodes.join());
  }
}

interface SentForm extends Pick<DesignationProposal, 'reach' | 'systemCode' | 'siteCodes' | 'reason'> {
  id: string;
  staffMemberId: string;
  application: string | null;
}

/** What a form asks for; the same text for the same, with the days left to the first sending. */
const contentOf = (
  staffMemberId: string,
  {
    reach,
    systemCode,
    siteCodes = [],
    application,
    reason,
  }: Omit<SentForm, 'id' | 'staffMemberId' | 'application'> & {
    application?: string | null;
  },
): string =>
  JSON.stringify([staffMemberId, reach, systemCode, [...new Set(siteCodes)].sort(), application ?? null, reason]);

const otherForm = (): Error =>
  wrongScope('This form was sent before with other answers. Load the form again and send it from there.');

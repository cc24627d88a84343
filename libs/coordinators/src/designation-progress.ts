import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { Clock, localDay, newId, type SignedIn } from '#kernel';
import { SitesService } from '#sites';
import { Appointer } from './appointer.js';
import { CoordinatorNews } from './coordinator-news.js';
import { CoordinatorsService } from './coordinators.service.js';
import { checkedReason, scopeOf } from './designation.js';
import { DesignationReading } from './designation-reading.js';
import { DesignationRecord } from './designation-record.js';
import { type DesignationRow, mayStep } from './designation-rights.js';
import { designationSteps, type DesignationVerb, standsInWords } from './designation-view.js';
import { holdRouting } from './hold-routing.js';
import { coordinatorsProblems } from './problems.js';
import { isRowId } from './row-id.js';
import { StateOffice, unsigned } from './state-office.js';

/** Takes a designation one step further. Locks go in one order: people, routing, assignments, places, the form. */
@Injectable()
export class DesignationProgress {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly sites: SitesService,
    private readonly catalog: CatalogService,
    private readonly coordinators: CoordinatorsService,
    private readonly office: StateOffice,
    private readonly appointer: Appointer,
    private readonly reading: DesignationReading,
    private readonly record: DesignationRecord,
    private readonly news: CoordinatorNews,
  ) {}

  /** @throws as the verbs of `DesignationService` */
  async step(
    actor: SignedIn,
    id: string,
    verb: DesignationVerb,
    { version, note }: { version: number; note?: string },
  ): Promise<void> {
    if (note !== undefined) checkedReason(note);
    const action = `designation.${verb}`;
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      if (verb === 'grant') await this.holdGranted(id);
      const looker = await this.reading.looker(person, { hold: true });
      const row = await this.reading.visible(id, looker, action);
      if (!mayStep(row, verb, looker))
        throw coordinatorsProblems.notYours(
          'This step is for somebody else. Load the page again to see what you may do.',
          { refusal: { action, target: `designation:${id}` } },
        );
      const needsSignature = verb !== 'withdraw'; // the state office acts as coordinators do: with the statement signed
      if (needsSignature && !(await this.coordinators.hasSigned(person!))) throw unsigned();
      const coordinatorId = verb === 'grant' ? newId() : null;
      await this.move(row, verb, version, coordinatorId);
      await this.record.keep(actor, row, verb, person!, note);
      if (coordinatorId) await this.appoint(actor, row, coordinatorId);
      await this.tell(row, verb, person!, note);
    });
  }

  private async holdGranted(id: string): Promise<void> {
    const row = isRowId(id) ? await this.reading.row(id) : undefined;
    if (!row) return;
    await this.appointer.hold(row.staffMemberId);
    await holdRouting(this.em, [row.systemCode], 'change');
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

  /** What the form says is asked again; days that passed begin today. */
  private async appoint(actor: SignedIn, row: DesignationRow, id: string): Promise<void> {
    const today = localDay(this.clock.now());
    const { staffMemberId, reach, systemCode, siteCodes } = row;
    const [application, toDay] = [row.application ?? undefined, row.toDay ?? undefined];
    if (toDay !== undefined && toDay <= today)
      throw coordinatorsProblems.wrongScope(
        'The days of this designation are over. Refuse it, and have a new one made.',
      );
    const fromDay = row.fromDay < today ? today : row.fromDay;
    const wish = { reach, systemCode, siteCodes, application };
    const scope = await scopeOf({ sites: this.sites, catalog: this.catalog }, wish);
    await this.appointer.appoint(actor, { id, staffMemberId, reach, ...scope, application, fromDay, toDay });
  }

  /** Whoever is next is told what to do, the others how it went. */
  private async tell(row: DesignationRow, verb: DesignationVerb, by: string, note?: string): Promise<void> {
    const [head, person] = [row.proposedBy, row.staffMemberId];
    const facts = {
      id: row.id,
      step: designationSteps[verb].to,
      by: await this.appointer.nameOf(head),
      person: await this.appointer.nameOf(person),
      scope: await this.appointer.scopeWords({ ...row, application: row.application ?? undefined }),
      ...(note !== undefined && { note }),
    };
    if (verb === 'ask') return this.news.tellDesk('coordinators.designation-asked', facts);
    if (verb === 'approve') await this.news.tell([person], 'coordinators.designation-approved', facts);
    // The person hears of an approval and of a grant by a mail that says what to do.
    const others = verb === 'approve' || verb === 'grant' ? [head] : [head, person];
    const told = others.filter((one) => one !== by);
    await this.news.tell(told, 'coordinators.designation-moved', facts);
  }
}

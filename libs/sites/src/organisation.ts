import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { type Actor, Changes, Clock, isPlainText, kernelProblems, newId, readableDate, tidy } from '#kernel';
import { checkServing, codesOf, isServable, type Move, type Serve } from './organisation-rules.js';
import { noonOf, PlaceHolds } from './place-holds.js';
import { beginParents, beginServing, closePlaces } from './place-periods.js';
import { sitesProblems } from './problems.js';
import { SitesService } from './sites.service.js';

/**
 * Changes single places, beside the register import. Says nothing about who may: callers ask that first.
 * Who decides may change with every verb, so callers hold routing everywhere (`holdRouting` of #coordinators) before they
 * call, in the transaction they call in.
 */
@Injectable()
export class Organisation extends PlaceHolds {
  constructor(
    em: EntityManager,
    sites: SitesService,
    clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
  ) {
    super(em, sites, clock);
  }

  /**
   * Only for sites that are nonpublic, for early childhood, or a support site of a public system. What was to begin
   * later is let go. Saying what is so already changes nothing.
   * @throws sites.unknown-code, sites.closed, sites.wrong-serving, sites.wrong-day (422)
   */
  async serve(actor: Actor, { siteCode, systemCode, fromDay }: Serve): Promise<void> {
    await this.em.transactional(async () => {
      const day = this.dayOf(fromDay);
      const system = systemCode === null ? undefined : await this.held({ level: 'system', code: systemCode }, day);
      const site = await this.held({ level: 'site', code: siteCode }, day);
      if (system) checkServing(system, site);
      const before = (await this.sites.place(site, noonOf(day))).serving;
      const planned = await this.checkForward('site_serving', siteCode, day);
      if (before?.code === system?.code && !planned) return;
      await beginServing(this.em, [{ code: siteCode, systemCode }], day);
      await this.audit.record(actor, {
        action: 'place.serve',
        target: `site:${siteCode}`,
        before: { systemCode: before?.code ?? null },
        after: { systemCode, fromDay: day },
      });
      const cause = system ? `${site.name} is served by ${system.name}` : `No school system serves ${site.name}`;
      await this.changes.announce(actor, {
        cause: this.sentence(cause, day),
        systems: codesOf(site.system, site.serving, before, system),
      });
    });
  }

  /**
   * A site that becomes a public school is served by nobody any more: its owner answers for it. Saying what is so already
   * changes nothing.
   * @throws sites.unknown-code, sites.closed, sites.wrong-day (422)
   */
  async move(actor: Actor, { siteCode, systemCode, fromDay }: Move): Promise<void> {
    await this.em.transactional(async () => {
      const day = this.dayOf(fromDay);
      if (day > this.today())
        throw sitesProblems.wrongDay(`${day} is still to come. Move the site on that day. Nothing was changed.`);
      const system = await this.held({ level: 'system', code: systemCode }, day);
      const site = await this.held({ level: 'site', code: siteCode }, day);
      if (site.system.code === systemCode) return;
      await this.checkForward('site_parent', siteCode, day);
      await beginParents(this.em, [{ code: siteCode, systemCode }], day);
      if (!isServable(await this.sites.place(site)))
        await beginServing(this.em, [{ code: siteCode, systemCode: null }], day);
      await this.audit.record(actor, {
        action: 'place.move',
        target: `site:${siteCode}`,
        before: { systemCode: site.system.code },
        after: { systemCode, fromDay: day },
      });
      await this.changes.announce(actor, {
        cause: this.sentence(`${site.name} belongs to ${system.name}`, day),
        systems: codesOf(site.system, site.serving, system),
        movedSites: [siteCode],
      });
    });
  }

  /**
   * Closes an open site from today on.
   * @throws sites.unknown-code, sites.closed (422), kernel.bad-input (400) for a reason that is no plain text
   */
  async close(actor: Actor, { siteCode, reason }: { siteCode: string; reason: string }): Promise<void> {
    const why = tidy(reason);
    if (!why || why.length > 500 || !isPlainText(why))
      throw kernelProblems.badInput('Say in at most 500 plain characters why the site closes. Nothing was changed.');
    await this.em.transactional(async () => {
      const site = await this.held({ level: 'site', code: siteCode });
      await closePlaces(this.em, 'site', [siteCode], this.today());
      await this.audit.record(actor, { action: 'place.close', target: `site:${siteCode}`, reason: why });
      await this.changes.announce(actor, {
        cause: `${site.name} is closed.`,
        systems: codesOf(site.system, site.serving),
        closedSites: [siteCode],
      });
    });
  }

  /**
   * Closes an open site from today on; another open site takes over from it. A closed site takes nothing over, so mergers
   * never go round in a circle.
   * @throws sites.unknown-code, sites.closed, sites.wrong-merger (422)
   */
  async merge(actor: Actor, { siteCode, intoCode }: { siteCode: string; intoCode: string }): Promise<void> {
    if (siteCode === intoCode)
      throw sitesProblems.wrongMerger(
        'A site cannot take over from itself. Choose the other site. Nothing was changed.',
      );
    await this.em.transactional(async () => {
      await this.hold('site', [siteCode, intoCode]);
      const site = await this.sites.placeOpen({ level: 'site', code: siteCode });
      const into = await this.sites.placeOpen({ level: 'site', code: intoCode });
      const today = this.today();
      await closePlaces(this.em, 'site', [siteCode], today);
      await this.em.execute(
        `insert into site_merger (id, site_code, into_code, on_day) values (?, ?, ?, ?)
         on conflict (site_code, on_day) do update set into_code = excluded.into_code`,
        [newId(), siteCode, intoCode, today],
      );
      await this.audit.record(actor, { action: 'place.merge', target: `site:${siteCode}`, after: { intoCode } });
      await this.changes.announce(actor, {
        cause: `${site.name} was merged into ${into.name}.`,
        systems: codesOf(site.system, site.serving, into.system, into.serving),
        closedSites: [siteCode],
      });
    });
  }

  private sentence(what: string, day: string): string {
    return day === this.today() ? `${what} now.` : `${what} from ${readableDate(noonOf(day))}.`;
  }
}

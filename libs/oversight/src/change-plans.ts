import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Appointments, CoverService, DesignationService, holdRouting, StateOffice } from '#coordinators';
import { Problem, type SignedIn, systemActor } from '#kernel';
import { Rerouting } from '#requests';
import { type Location, Organisation, RegisterChanges } from '#sites';
import { type ChangeScope, ChangeScopes } from './change-scopes.js';
import { type Outlook, planOf } from './plan-of.js';
import type { Plan, PlannedChange } from './planned-change.js';
import { WorldChanged } from './problems.js';
import { StandingsOf } from './standings.js';
import { undone } from './undone.js';

/**
 * Tries changes before they are made, and makes exactly what was tried: both do the change in a transaction and look at what
 * it did; only one of them keeps it.
 */
@Injectable()
export class ChangePlans {
  constructor(
    private readonly em: EntityManager,
    private readonly scopes: ChangeScopes,
    private readonly standings: StandingsOf,
    private readonly rerouting: Rerouting,
    private readonly office: StateOffice,
    private readonly appointments: Appointments,
    private readonly designations: DesignationService,
    private readonly covers: CoverService,
    private readonly organisation: Organisation,
    private readonly register: RegisterChanges,
  ) {}

  /**
   * What a change would do now. Nothing is kept of it. What the verb refuses with 409 or 422 is told in `refusal`.
   * @throws whatever the verb throws for people whose business it is not (403, 404); coordinators.not-yours (403) for a change
   *   of places by somebody who is not at the state desk
   */
  async simulate(actor: SignedIn, change: PlannedChange): Promise<Plan> {
    try {
      return await undone(this.em, () => this.make(actor, change));
    } catch (problem) {
      if (!(problem instanceof Problem) || ![409, 422].includes(problem.status)) throw problem;
      const { code, title, detail } = problem;
      const scope = await this.scopes.of(change);
      return { ...planOf({ change, ...scope }, nothing, nothing), refusal: { code, title, detail } };
    }
  }

  /**
   * Makes the change when it still does exactly what `planHash` stands for.
   * @param planHash `hash` of the plan the person confirmed
   * @throws WorldChanged (oversight.world-changed, 409) with the plan of now; whatever the verb throws
   */
  async commit(actor: SignedIn, change: PlannedChange, planHash: string): Promise<Plan> {
    return this.em.transactional(async () => {
      const plan = await this.make(actor, change);
      if (plan.hash !== planHash) throw new WorldChanged(plan);
      return plan;
    });
  }

  /** Makes the change in the transaction around. Routing is held from before the first look until it commits. */
  private async make(actor: SignedIn, change: PlannedChange): Promise<Plan> {
    const scope = await this.hold(actor, change);
    const places = await this.placesOf(scope);
    const look = async (): Promise<Outlook> => ({
      lines: await this.rerouting.forecast(scope.systems, scope.day),
      standings: await this.standings.of(places, scope.day),
    });
    const before = await look();
    const waits = await this.perform(actor, change);
    const after = waits ? await this.asSecond(waits, look) : await look();
    return planOf({ change, ...scope }, before, after);
  }

  /** Places that can lose somebody; for the state's own people none, they are behind everybody. */
  private async placesOf({ sites, systems, day }: ChangeScope): Promise<Location[]> {
    if (sites) return sites.map((code) => ({ level: 'site', code }));
    const [system] = systems === 'everywhere' ? [] : systems;
    return system === undefined ? [] : this.standings.placesOf(system, day);
  }

  /** Holds people, then routing, in the order of all verbs; the verb holds the rest. */
  private async hold(actor: SignedIn, change: PlannedChange): Promise<ChangeScope> {
    const person = await this.office.personOf(actor);
    if (isOfPlaces(change)) {
      await holdRouting(this.em, 'everywhere', 'change');
      await this.office.mustAct(actor, person, { action: `place.${change.kind}`, target: targetOf(change), notBy: [] });
      return this.scopes.of(change);
    }
    const scope = await this.scopes.of(change);
    await this.em.execute(
      `select id from staff_member where id::text in (select value from json_array_elements_text(?::json)) order by id for update`,
      [JSON.stringify(scope.people ?? [])],
    );
    await holdRouting(this.em, scope.systems, 'change');
    return scope;
  }

  /** @returns the register change that waits for a second person now; undefined: what was asked for is done */
  private async perform(actor: SignedIn, change: PlannedChange): Promise<RegisterPart | void> {
    switch (change.kind) {
      case 'stand-down':
        return this.appointments.standDown(actor, change.coordinatorId, change);
      case 'end':
        return this.appointments.end(actor, change.coordinatorId, change);
      case 'designation-grant':
        return this.designations.grant(actor, change.designationId, change);
      case 'cover': {
        const { kind: _, ...form } = change;
        await this.covers.name(actor, form);
        return;
      }
      case 'serve':
        return this.organisation.serve(actor, change);
      case 'move':
        return this.organisation.move(actor, change);
      case 'close':
        return this.organisation.close(actor, change);
      case 'merge':
        return this.organisation.merge(actor, change);
      case 'register': {
        const accounts = await this.accountsOf(actor);
        const { status } = await this.register.apply(actor, change.changeId, { only: change.only, accounts });
        return status === 'waits-for-second' ? change : undefined;
      }
    }
  }

  /** All accounts that are or were the person's who acts. */
  private async accountsOf({ accountId }: SignedIn): Promise<string[]> {
    const rows = await this.em.execute<{ id: string }[]>(
      `select distinct k.account_id as id from staff_link k join staff_link o on o.staff_member_id = k.staff_member_id
       where o.account_id = ? and o.ended_at is null`,
      [accountId],
    );
    return rows.map(({ id }) => id);
  }

  /** What a register change will do once a second person agrees; that person does not come from here, so it is undone. */
  private async asSecond({ changeId, only }: RegisterPart, look: () => Promise<Outlook>): Promise<Outlook> {
    return undone(this.em, async () => {
      await this.register.apply(systemActor, changeId, { only });
      return look();
    });
  }
}

type RegisterPart = Extract<PlannedChange, { kind: 'register' }>;
type PlaceChange = Extract<PlannedChange, { siteCode: string }> | RegisterPart;

const isOfPlaces = (change: PlannedChange): change is PlaceChange => 'siteCode' in change || change.kind === 'register';

const targetOf = (change: PlaceChange): string =>
  'siteCode' in change ? `site:${change.siteCode.slice(0, 60)}` : `register-change:${change.changeId.slice(0, 60)}`;

const nothing: Outlook = { lines: [], standings: new Map() };

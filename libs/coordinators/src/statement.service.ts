import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { Changes, Clock, localDay, newId, type SignedIn } from '#kernel';
import { Appointer } from './appointer.js';
import { CoordinatorsService } from './coordinators.service.js';
import { holdRouting } from './hold-routing.js';
import { coordinatorsProblems } from './problems.js';
import { CoordinatorStatement } from './read-statement.js';
import { StateOffice } from './state-office.js';
import { statementName } from './statement-in-force.js';

/** A signature that is in force. */
export interface SignedStatement {
  /** 'YYYY-MM-DD' */
  signedOn: string;
  /** First day no longer in force. */
  until: string;
}

/** The confidentiality statement coordinators sign once a year before they decide. */
@Injectable()
export class StatementService {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly changes: Changes,
    private readonly statement: CoordinatorStatement,
    private readonly office: StateOffice,
    private readonly coordinators: CoordinatorsService,
    private readonly appointer: Appointer,
  ) {}

  /** The words of now. */
  text(): CoordinatorStatement {
    return this.statement;
  }

  /** The signature of a person that is in force on a day (today when absent), the latest of them. */
  async inForce(staffMemberId: string, day = this.today()): Promise<SignedStatement | undefined> {
    const [row] = await this.em.execute<SignedStatement[]>(
      `select signed_on::text as "signedOn", (signed_on + interval '1 year')::date::text as until from statement_signature
       where staff_member_id = ? and statement = ? and signed_on <= ?::date and signed_on + interval '1 year' > ?::date
       order by signed_on desc limit 1`,
      [staffMemberId, statementName, day, day],
    );
    return row;
  }

  /**
   * Signs for one year from today. From now on requests come to a coordinator who had not signed.
   * @param version of the words the person saw
   * @throws coordinators.not-found (404) without a linked Staff ID, coordinators.moved-on (409) when the words changed
   */
  async sign(actor: SignedIn, version: string): Promise<void> {
    if (version !== this.statement.version)
      throw coordinatorsProblems.movedOn(
        'The words of the statement were changed meanwhile. Read them again, then sign.',
      );
    await this.em.transactional(async () => {
      const person = await this.office.personOf(actor);
      if (!person)
        throw coordinatorsProblems.notFound(
          'Link your account to your Staff ID first: a person signs, not an account.',
        );
      const { systems, everywhere } = await this.coordinators.systemsOf({ staffMemberIds: [person] });
      await holdRouting(this.em, everywhere ? 'everywhere' : systems, 'change');
      const before = await this.inForce(person);
      if (before?.signedOn === this.today()) return;
      await this.em.execute(
        `insert into statement_signature (id, staff_member_id, statement, version, text_hash, signed_on, signed_at) values (?, ?, ?, ?, ?, ?, ?)`,
        [newId(), person, statementName, version, this.statement.hash, this.today(), this.clock.now()],
      );
      await this.audit.record(actor, {
        action: 'statement.sign',
        target: `staff-member:${person}`,
        after: { statement: statementName, version },
      });
      if (before) return;
      const cause = `${await this.appointer.nameOf(person)} signed the statement of coordinators.`;
      await this.changes.announce(actor, { cause, staffMemberIds: [person] });
    });
  }

  private today(): string {
    return localDay(this.clock.now());
  }
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import { type ApprovalStep, CatalogService } from '#catalog';
import type { StepDuty } from '#coordinators';
import { newId } from '#kernel';
import { aTeacher, signStatement, type TestPerson } from './people.js';

/** Says for one application by which steps it is approved, in the apps of this spec only. */
export function approvedBy(app: INestApplicationContext, application: string, ...steps: ApprovalStep[]): void {
  app.get(CatalogService, { strict: false }).application(application).approval = steps;
}

/** Somebody who holds a duty since long ago and can sign in. @returns the person, with the duty's id */
export async function aDutyHolder(
  em: EntityManager,
  {
    duty = 'special-education-supervisor',
    system,
    application,
    signed = true,
    ...name
  }: {
    duty?: StepDuty;
    system?: string;
    application?: string;
    signed?: boolean;
    firstName?: string;
    lastName?: string;
  },
): Promise<TestPerson & { dutyId: string }> {
  const person = await aTeacher(em, { firstName: 'Vera', lastName: 'Mouton', ...name });
  if (signed) await signStatement(em, person.staffMemberId);
  const dutyId = newId();
  await em.execute(
    `insert into duty_holder (id, duty, staff_member_id, system_code, application, from_day, created_at) values (?, ?, ?, ?, ?, '2020-08-01', now())`,
    [dutyId, duty, person.staffMemberId, system ?? null, application ?? null],
  );
  return { ...person, dutyId };
}

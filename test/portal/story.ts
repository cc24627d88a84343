import { newId } from '#kernel';
import { RequestsService } from '#requests';
import {
  aCoordinator,
  aHead,
  aSite,
  aStateOfficer,
  aSystem,
  aTeacher,
  anAccount,
  type TestCoordinator,
  type TestPerson,
} from '../support/people.js';
import type { TestPortal } from './portal.js';

/** Two systems with a school each, and people at all of them: enough for every page of the portal to have something on it. */
export interface Story {
  system: string;
  school: string;
  otherSchool: string;
  teacher: TestPerson;
  /** Works at the other system. */
  stranger: TestPerson;
  /** Decides for the whole system. */
  coordinator: TestCoordinator;
  /** Decides for the other system. */
  otherCoordinator: TestCoordinator;
  officer: TestCoordinator;
  /** Heads the first system. */
  head: TestPerson;
  /** Has an account and no Staff ID. */
  newcomer: { accountId: string };
}

export async function tellStory({ em }: TestPortal): Promise<Story> {
  const system = await aSystem(em, { name: 'Bayou Vermeil Parish' });
  const other = await aSystem(em, { name: 'Cypress Landing Parish' });
  const school = await aSite(em, system, { name: 'Heron Street Elementary' });
  const otherSchool = await aSite(em, other, { name: 'Old Ferry High School' });
  return {
    system,
    school,
    otherSchool,
    teacher: await aTeacher(em, {
      firstName: 'Odessa',
      lastName: 'Thibeaux',
      site: school,
      position: 'Special Education Teacher',
    }),
    stranger: await aTeacher(em, { firstName: 'Lionel', lastName: 'Brasseaux', site: otherSchool }),
    coordinator: await aCoordinator(em, { reach: 'system', system, firstName: 'Marguerite', lastName: 'Delahoussaye' }),
    otherCoordinator: await aCoordinator(em, {
      reach: 'system',
      system: other,
      firstName: 'Anselm',
      lastName: 'Fontaine',
    }),
    head: await aHead(em, system),
    officer: await aStateOfficer(em, { firstName: 'Philippa', lastName: 'Okafor' }),
    newcomer: { accountId: await anAccount(em, { firstName: 'Jules', lastName: 'Marchand' }) },
  };
}

interface Asked {
  application?: string;
  role?: string;
  permissions?: string[];
  code?: string;
  level?: 'system' | 'site';
  why?: string;
}

/** A request, made through the verb. */
export const ask = (
  portal: TestPortal,
  person: TestPerson,
  school: string,
  asked: Asked = {},
): Promise<{ id: string; reference: string }> => {
  const {
    application = 'ser-iep-form',
    role = 'iep-form',
    permissions = ['iep-form-writer', 'iep-form-approver'],
    code = school,
    level = 'site',
    why,
  } = asked;
  return portal.app.get(RequestsService, { strict: false }).submit(person.actor, {
    wishes: [{ application, role, permissions, location: { level, code } }],
    why,
    formKey: newId(),
  });
};

/** Lines of a request: id by permission. */
export async function lineIdsOf(portal: TestPortal, requestId: string): Promise<Record<string, string>> {
  const rows = await portal.em.execute<{ id: string; permission: string }[]>(
    'select id, permission from request_line where request_id = ?',
    [requestId],
  );
  return Object.fromEntries(rows.map((row) => [row.permission, row.id]));
}

/** A dispute about somebody's Staff ID, as if another account had given the right facts. */
export async function aDispute(
  portal: TestPortal,
  holder: TestPerson,
  claimant: { accountId: string },
): Promise<string> {
  const id = newId();
  await portal.em.execute(
    'insert into link_dispute (id, claimant_account_id, staff_member_id, opened_at) values (?, ?, ?, now())',
    [id, claimant.accountId, holder.staffMemberId],
  );
  return id;
}

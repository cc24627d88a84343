import { defineEntity, p } from '@mikro-orm/core';
import type { Location } from '#sites';
import { AccessGrant } from './access-grant.js';

export type GrantState = 'active' | 'suspended';

/** Why a version was recorded. `inactive` suspends a grant. */
export type GrantCause = 'given' | 'extended' | 'renewed' | 'suspended' | 'resumed' | 'inactive' | EndCause;

const endCauses = ['given-up', 'revoked', 'duty-changed', 'site-closed', 'site-moved', 'left', 'replaced'] as const;
/** Why a grant ended. */
export type EndCause = (typeof endCauses)[number];

export const isEnd = (cause: GrantCause): boolean => endCauses.some((one) => one === cause);

const schema = defineEntity({
  name: 'GrantVersion',
  tableName: 'grant_version',
  properties: {
    id: p.uuid().primary(),
    grant: () => p.manyToOne(AccessGrant).index('grant_version_grant_id_index'),
    /** Of the grant, for constraints and for reading in one step. */
    accountId: p.uuid(),
    staffMemberId: p.uuid(),
    application: p.text(),
    role: p.text(),
    permission: p.text(),
    level: p.text().$type<Location['level']>(),
    code: p.text(),
    systemCode: p.text(),
    /** The period it tells of. */
    fromAt: p.datetime().columnType('timestamptz'),
    /** The first instant no longer; absent: for good. */
    toAt: p.datetime().columnType('timestamptz').nullable(),
    state: p.text().$type<GrantState>(),
    /** From when to when this was believed; `supersededAt` absent: it is. */
    recordedAt: p.datetime().columnType('timestamptz'),
    supersededAt: p.datetime().columnType('timestamptz').nullable(),
    cause: p.text().$type<GrantCause>(),
    reason: p.text().nullable(),
    /** Who did it; absent for the system. */
    byStaffMemberId: p.uuid().nullable(),
  },
  indexes: [
    { name: 'grant_version_account_index', properties: ['accountId'], where: 'superseded_at is null' },
    { name: 'grant_version_person_index', properties: ['staffMemberId'] },
    { name: 'grant_version_place_index', properties: ['code', 'application', 'fromAt'] },
    { name: 'grant_version_ends_index', properties: ['toAt'], where: 'superseded_at is null' },
  ],
  uniques: [{ name: 'grant_version_given_unique', properties: ['grant'], where: `cause = 'given'` }],
  checks: [
    { name: 'grant_version_period_check', expression: 'to_at >= from_at' },
    { name: 'grant_version_recorded_check', expression: 'superseded_at >= recorded_at' },
    { name: 'grant_version_state_check', expression: `state in ('active', 'suspended')` },
    {
      name: 'grant_version_cause_check',
      expression: `cause in ('given', 'extended', 'renewed', 'suspended', 'resumed', 'given-up', 'revoked', 'duty-changed', 'site-closed', 'site-moved', 'left', 'inactive', 'replaced')`,
    },
    {
      name: 'grant_version_held_once',
      expression: `EXCLUDE USING gist (staff_member_id WITH =, application WITH =, role WITH =, permission WITH =, level WITH =, code WITH =, tstzrange(from_at, to_at) WITH &&) WHERE ((superseded_at IS NULL))`,
    },
    {
      name: 'grant_version_one_role',
      expression: `EXCLUDE USING gist (staff_member_id WITH =, application WITH =, level WITH =, code WITH =, role WITH <>, tstzrange(from_at, to_at) WITH &&) WHERE ((superseded_at IS NULL))`,
    },
  ],
});

/** When a grant held and in which state, as it was believed for a while. Superseded, never changed. */
export class GrantVersion extends schema.class {}
schema.setClass(GrantVersion);

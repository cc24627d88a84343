import { Injectable } from '@nestjs/common';
import { CatalogService } from '#catalog';
import { type EffectivePermission, type EffectiveRow, effectiveRows, GrantsService } from '#grants';
import { Clock } from '#kernel';
import type { RelyingClient } from '#signals';
import { type Statement, Statements } from './statements.js';

/** What is known about a person at an instant, as one row of SQL. */
export interface EntitlementRow {
  status: string;
  staff_id: string | null;
  permissions: EffectiveRow[];
}

/** Whether a person may enter an application now, and with which permissions. */
export type Verdict =
  | { ok: true; staffId?: string; permissions: EffectivePermission[] }
  | { ok: false; missing: 'account' | 'staff-id' | 'permission'; explanation: string };

/** Columns of EntitlementRow, for statements that read more in the same round trip. `p` is the account. */
export const entitlementColumns = (at: string, applications: string): string => `p.status,
  (select m.staff_id from staff_link k join staff_member m on m.id = k.staff_member_id where k.account_id = p.id and k.ended_at is null) as staff_id,
  (select coalesce(json_agg(e), '[]'::json) from (${effectiveRows('p.id', at, applications)}) e) as permissions`;

const read: Statement = {
  name: 'tokens-entitlement',
  text: `select ${entitlementColumns('$2::timestamptz', '$3')} from account p where p.id = $1`,
};

/**
 * May this person enter this application now? One answer, asked at authorization, token, refresh, userinfo and
 * introspection (OA-10): account active, Staff ID linked, at least one effective permission of the application.
 */
@Injectable()
export class Entitlement {
  constructor(
    private readonly statements: Statements,
    private readonly grants: GrantsService,
    private readonly catalog: CatalogService,
    private readonly clock: Clock,
  ) {}

  async check(accountId: string, client: RelyingClient): Promise<Verdict> {
    const [row] = await this.statements.rows<EntitlementRow>(read, [accountId, this.clock.now(), client.applications]);
    return this.judge(row, client);
  }

  /** The rule itself, over what was read. */
  judge(row: EntitlementRow | undefined, client: RelyingClient): Verdict {
    if (row?.status !== 'active')
      return refused('account', 'This account cannot be used now. Ask your school system for help.');
    if (!client.applications.length) return { ok: true, staffId: row.staff_id ?? undefined, permissions: [] };
    if (!row.staff_id)
      return refused(
        'staff-id',
        `Your account has no Staff ID yet. Link it in EdLink Security, then ask for a permission for ${client.name}.`,
      );
    const permissions = this.grants.permissionsOf(row.permissions);
    if (!permissions.length)
      return refused(
        'permission',
        `You have no permission for ${client.name} now. Ask for one in EdLink Security: ${this.offered(client)}.`,
      );
    return { ok: true, staffId: row.staff_id, permissions };
  }

  private offered(client: RelyingClient): string {
    const permissions = client.applications.flatMap((code) =>
      this.catalog.application(code).roles.flatMap((role) => role.permissions),
    );
    return permissions.map((permission) => permission.name).join(', ');
  }
}

const refused = (missing: 'account' | 'staff-id' | 'permission', explanation: string): Verdict => ({
  ok: false,
  missing,
  explanation: plainAscii(explanation),
});

/** OAuth allows a description printable ASCII without quote and backslash (RFC 6749, appendix A.8). */
const plainAscii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]|["\\]/g, '')
    .slice(0, 400);

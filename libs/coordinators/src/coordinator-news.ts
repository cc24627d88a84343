import { Injectable } from '@nestjs/common';
import { NotificationsService } from '#notifications';
import { StaffService } from '#staff';
import { StateOffice } from './state-office.js';

/** Tells people what became of coordinators, in the caller's transaction. Who has no account is told nothing. */
@Injectable()
export class CoordinatorNews {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly staff: StaffService,
    private readonly office: StateOffice,
  ) {}

  /** To people, each once, in one order, so that two verbs telling the same people do not wait for each other. */
  async tell(staffMemberIds: (string | undefined)[], kind: string, facts: Record<string, string>): Promise<void> {
    const known = [...new Set(staffMemberIds.filter((id) => id !== undefined))];
    const accounts = await this.staff.accountsOf(known);
    for (const id of [...accounts.values()].sort())
      await this.notifications.queue({ kind: 'account', id }, kind, facts);
  }

  /** To everybody at the state desk. */
  async tellDesk(kind: string, facts: Record<string, string>): Promise<void> {
    await this.tell(await this.office.desk(), kind, facts);
  }
}

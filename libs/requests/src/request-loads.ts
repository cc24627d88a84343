import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Load } from './request-views.js';

interface LoadRow {
  key: string;
  open: number;
  oldest: string;
}

/** How much waits where; one statement each, however large the state. */
@Injectable()
export class RequestLoads {
  constructor(private readonly em: EntityManager) {}

  /**
   * Open requests by the staff member they wait for.
   * @param systemCode only those this school system answers for
   */
  async openLoad(systemCode?: string): Promise<Map<string, Load>> {
    const where = systemCode === undefined ? '' : 'where l.system_code = ?';
    return this.loads(`d.staff_member_id`, `join request_decider d on d.line_id = l.id ${where}`, systemCode);
  }

  /** Open requests by the code of the school system that answers for their place. */
  async openBySystem(): Promise<Map<string, Load>> {
    return this.loads(`l.system_code`, ``);
  }

  private async loads(key: string, join: string, ...params: (string | undefined)[]): Promise<Map<string, Load>> {
    const rows = await this.em.execute<LoadRow[]>(
      `select ${key} as key, count(distinct r.id)::int as open, min(r.submitted_at) as oldest
       from permission_request r join request_line l on l.request_id = r.id and l.status = 'pending' ${join} group by 1`,
      params.filter((one) => one !== undefined),
    );
    return new Map(rows.map(({ key: of, open, oldest }) => [of, { open, oldest: new Date(oldest) }]));
  }
}

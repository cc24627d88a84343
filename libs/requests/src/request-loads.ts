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
    const within = `exists (select 1 from request_line l where l.id = d.line_id and l.system_code = ?)`;
    return this.loads(
      `select d.staff_member_id as key, count(distinct d.request_id)::int as open, min(d.open_since) as oldest from request_decider d
       where d.open_since is not null ${systemCode === undefined ? '' : `and ${within}`} group by 1`,
      systemCode,
    );
  }

  /** Open requests by the code of the school system that answers for their place. */
  async openBySystem(): Promise<Map<string, Load>> {
    return this.loads(
      `select l.system_code as key, count(distinct l.request_id)::int as open, min(l.submitted_at) as oldest from request_line l
       where l.status = 'pending' group by 1`,
    );
  }

  private async loads(statement: string, ...params: (string | undefined)[]): Promise<Map<string, Load>> {
    const rows = await this.em.execute<LoadRow[]>(
      statement,
      params.filter((one) => one !== undefined),
    );
    return new Map(rows.map(({ key: of, open, oldest }) => [of, { open, oldest: new Date(oldest) }]));
  }
}

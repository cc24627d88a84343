import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * What must be true of the tables at any moment, as SQL that finds the rows which break it. Run after
 * every race and every fault.
 */
const invariants: Record<string, string> = {
  'I1 no live grant without an approved line, decided by another person than its subject': `
    select g.id from access_grant g left join request_line l on l.id = g.request_line_id left join permission_request r on r.id = l.request_id
    where g.ended_at is null and (l.id is null or l.status <> 'approved' or l.grant_id is distinct from g.id or l.decided_by is null
      or l.decided_by = g.staff_member_id or r.staff_member_id <> g.staff_member_id or r.application <> g.application or r.role <> g.role
      or l.permission <> g.permission or r.level <> g.level or r.code <> g.code)`,
  'I2 a permission is held once per person and place': `
    select min(id::text) as id from access_grant where ended_at is null group by staff_member_id, application, role, permission, level, code having count(*) > 1`,
  'I2 one role per person, application and place': `
    select min(id::text) as id from access_grant where ended_at is null group by staff_member_id, application, level, code having count(distinct role) > 1`,
  'I3 every decision has exactly one audit row': `
    select l.id from request_line l left join (
      select target, count(*) from audit_entry where result = 'done' and action in ('request.approve', 'request.reject') group by target
    ) e on e.target = 'request-line:' || l.id
    where coalesce(e.count, 0) <> case when l.status in ('approved', 'rejected') then 1 else 0 end`,
  'I3 the requester was told once of each decision, however many lines it took': `
    select r.id from permission_request r left join (
      select facts ->> 'requestId' as request_id, count(*) from message where kind = 'request.decided' group by 1
    ) m on m.request_id = r.id::text left join (
      select request_id, count(distinct (decided_at, decided_by)) from request_line where status in ('approved', 'rejected') group by 1
    ) d on d.request_id = r.id
    where coalesce(m.count, 0) <> coalesce(d.count, 0)`,
  'I5 withdrawn, rejected and open lines have no grant': `
    select l.id from request_line l where l.status <> 'approved' and (l.grant_id is not null or l.id in (select request_line_id from access_grant where request_line_id is not null))`,
  'I5 an approved line has its grant, a decided one its decider, a rejected one its reason': `
    select l.id from request_line l where (l.status = 'approved' and not exists (select 1 from access_grant g where g.id = l.grant_id and g.request_line_id = l.id))
      or (l.status in ('approved', 'rejected') and (l.decided_by is null or l.decided_at is null))
      or (l.status = 'rejected' and coalesce(l.reason, '') = '') or (l.status = 'pending' and (l.decided_at is not null or l.decided_by is not null))`,
};

/** Which invariants are broken now, each with up to five ids. Empty is good: `expect(await brokenInvariants(em)).toEqual([])`. */
export async function brokenInvariants(em: EntityManager): Promise<string[]> {
  const broken: string[] = [];
  for (const [name, sql] of Object.entries(invariants)) {
    const rows = await em.execute<{ id: string }[]>(`${sql} limit 5`);
    if (rows.length) broken.push(`${name}: ${rows.map((row) => row.id).join(', ')}`);
  }
  return broken;
}

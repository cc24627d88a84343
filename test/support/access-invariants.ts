/**
 * What must be true of requests, grants and coordinators at any moment, as SQL that finds the rows which break it.
 */
export const accessInvariants: Record<string, string> = {
  'I1 no live grant without an approved line, decided by another person than its subject': `
    select g.id from access_grant g left join request_line l on l.id = g.request_line_id left join permission_request r on r.id = l.request_id
    where exists (select 1 from grant_version v where v.grant_id = g.id and v.superseded_at is null and coalesce(v.to_at > now(), true)) and (l.id is null or l.status <> 'approved' or l.grant_id is distinct from g.id or l.decided_by is null
      or l.decided_by = g.staff_member_id or r.staff_member_id <> g.staff_member_id or l.application <> g.application or l.role <> g.role
      or coalesce(l.granted_permission, l.permission) <> g.permission or l.level <> g.level or l.code <> g.code)`,
  'I2 a permission is held once per person and place': `
    select min(id::text) as id from grant_version where superseded_at is null and from_at <= now() and coalesce(to_at > now(), true) group by staff_member_id, application, role, permission, level, code having count(distinct grant_id) > 1`,
  'I2 one role per person, application and place': `
    select min(id::text) as id from grant_version where superseded_at is null and from_at <= now() and coalesce(to_at > now(), true) group by staff_member_id, application, level, code having count(distinct role) > 1`,
  'I3 every decision has exactly one audit row': `
    select l.id from request_line l left join (
      select target, count(*) from audit_entry where result = 'done' and action in ('request.approve', 'request.narrow', 'request.accept-offer', 'request.reject') group by target
    ) e on e.target = 'request-line:' || l.id
    where coalesce(e.count, 0) <> case when l.status in ('approved', 'rejected') then 1 else 0 end`,
  'I3 the requester was told once of each decision, however many lines it took': `
    select r.id from permission_request r left join (
      select facts ->> 'requestId' as request_id, count(*) from message where kind = 'request.decided' group by 1
    ) m on m.request_id = r.id::text left join (
      select request_id, count(distinct (decided_at, decided_by)) from request_line where status in ('approved', 'rejected') group by 1
    ) d on d.request_id = r.id
    where coalesce(m.count, 0) <> coalesce(d.count, 0)`,
  'I3 everybody a request waited for at first was told of it once': `
    with told as materialized (select facts ->> 'requestId' as request_id, recipient_id, count(*) from message where kind = 'request.submitted' group by 1, 2),
    waited as materialized (select distinct r.id, r.submitted_at, (d ->> 'staffMemberId')::uuid as person from permission_request r
      join request_line l on l.request_id = r.id join line_route w on w.line_id = l.id and w.cause = ''
      cross join lateral jsonb_array_elements(w.routing -> 'deciders') as d)
    select waited.id from waited
    join staff_link k on k.staff_member_id = waited.person and k.linked_at <= waited.submitted_at and coalesce(k.ended_at > waited.submitted_at, true)
    left join told on told.request_id = waited.id::text and told.recipient_id = k.account_id
    where coalesce(told.count, 0) <> 1`,
  'I4 when it was decided, an assignment or a cover of the decider held the place and the application, and the statement was signed (days have no hours: a place may have moved later that day)': `
    select l.id from (
      select id, application, level, code, duty, decided_by, decided_at from request_line where decided_by is not null
      union all
      select l.id, l.application, l.level, l.code, s.duty, s.decided_by, s.decided_at from line_step s join request_line l on l.id = s.line_id) l
    cross join lateral (select (l.decided_at at time zone 'America/Chicago')::date as day) at
    where (not exists (
      select 1 from duty_holder c where c.duty = l.duty and c.staff_member_id = l.decided_by
        and c.from_day <= at.day and coalesce(c.to_day > at.day, true) and coalesce(c.ended_at >= l.decided_at, true)
        and coalesce(c.application = l.application, true)
        and (c.system_code is null or (l.level = 'system' and c.system_code = l.code) or exists (
          select 1 from site_parent p where p.site_code = l.code and p.system_code = c.system_code and p.from_day <= at.day and coalesce(p.to_day >= at.day, true)
          union all
          select 1 from site_serving p where p.site_code = l.code and p.system_code = c.system_code and p.from_day <= at.day and coalesce(p.to_day >= at.day, true))))
      and not exists (
      select 1 from coordinator c left join coordinator_cover v on v.coordinator_id = c.id and v.staff_member_id = l.decided_by
        and v.from_day <= at.day and v.to_day > at.day and coalesce(v.ended_at >= l.decided_at, true)
        and coalesce(v.application = l.application, true)
        and (v.every_site or exists (select 1 from coordinator_cover_site x where x.cover_id = v.id and x.site_code = l.code))
      where c.id in (select id from coordinator where staff_member_id = l.decided_by union select coordinator_id from coordinator_cover where staff_member_id = l.decided_by)
        and (c.staff_member_id = l.decided_by or v.id is not null) and (l.duty is null or c.reach = 'state')
        and c.from_day <= at.day and coalesce(c.to_day > at.day, true) and coalesce(c.ended_at >= l.decided_at, true)
        and coalesce(c.application = l.application, true)
        and (c.reach = 'state' or (c.reach = 'system' and (l.level = 'site' or c.system_code = l.code)) or (l.level = 'site' and exists (
          select 1 from coordinator_site s where s.coordinator_id = c.id and s.site_code = l.code)))
        and (c.reach = 'state' or l.level = 'system' or exists (
          select 1 from site_parent p where p.site_code = l.code and p.system_code = c.system_code and p.from_day <= at.day and coalesce(p.to_day >= at.day, true)
          union all
          select 1 from site_serving p where p.site_code = l.code and p.system_code = c.system_code and p.from_day <= at.day and coalesce(p.to_day >= at.day, true))))
      or not exists (select 1 from statement_signature g where g.staff_member_id = l.decided_by
        and g.signed_on <= at.day and g.signed_on + interval '1 year' > at.day))`,
  'I4 each step of an approval is another person, none of whom entered it or asked (CO-1)': `
    select l.id from request_line l join permission_request r on r.id = l.request_id
    where (l.decided_by is not null and (jsonb_exists(l.excluded, l.decided_by::text) or l.decided_by = r.staff_member_id))
      or l.step <> (select count(*) + 1 from line_step s where s.line_id = l.id)
      or exists (select 1 from line_step s where s.line_id = l.id and (not jsonb_exists(l.excluded, s.decided_by::text) or s.decided_by = r.staff_member_id or s.decided_by = r.entered_by))
      or (select count(distinct s.decided_by) from line_step s where s.line_id = l.id) <> l.step - 1
      or (r.entered_by is not null and not jsonb_exists(l.excluded, r.entered_by::text))`,
  'I5 withdrawn, rejected and open lines have no grant': `
    select l.id from request_line l where l.status <> 'approved' and (l.grant_id is not null or l.id in (select request_line_id from access_grant where request_line_id is not null))`,
  'I5 an approved line has its grant, a decided one its decider, a rejected one its reason': `
    select l.id from request_line l where (l.status = 'approved' and not exists (select 1 from access_grant g where g.id = l.grant_id and (g.request_line_id = l.id or g.id = l.extends_grant_id)))
      or (l.status in ('approved', 'rejected') and (l.decided_by is null or l.decided_at is null))
      or (l.status = 'rejected' and coalesce(l.reason, '') = '') or (l.status = 'pending' and (l.decided_at is not null or l.decided_by is not null))`,
  'I5 what is given is what was asked for or less, for that time or a shorter one': `
    select l.id from request_line l join access_grant g on g.request_line_id = l.id join grant_version v on v.grant_id = g.id and v.cause = 'given'
    where v.to_at > ((coalesce(l.granted_to_day, l.to_day)::timestamp) at time zone 'America/Chicago') or (v.to_at is null) <> (coalesce(l.granted_to_day, l.to_day) is null)
      or v.from_at < (l.from_day::timestamp at time zone 'America/Chicago')`,
  'I5 an answered offer was answered by consent: an accepted one stands in the audit log once, and its line is approved': `
    with consent as materialized (select after ->> 'consent' as id, count(*) from audit_entry
      where result = 'done' and action in ('request.accept-offer', 'request.approve-step') and after ->> 'consent' is not null group by 1)
    select o.id from line_offer o left join consent on consent.id = o.id::text where (o.answer is not distinct from 'accepted') <> (coalesce(consent.count, 0) = 1)`,
  'I5 a line is settled once: by one decision, one withdrawal or the end of its time': `
    select l.id from request_line l left join (
      select line, count(*) from (
        select substring(target from 14) as line from audit_entry where result = 'done' and action in ('request.approve', 'request.narrow', 'request.accept-offer', 'request.reject')
        union all select jsonb_array_elements_text(after -> 'lines') from audit_entry where result = 'done' and action = 'request.withdraw'
        union all select line_id::text from request_clock where what = 'expired') deed group by line
    ) d on d.line = l.id::text
    where coalesce(d.count, 0) <> case when l.status = 'pending' then 0 else 1 end`,
  'I5 what settled a line raised the version of its request; who saw an older one decides nothing': `
    select l.id from request_line l join permission_request r on r.id = l.request_id
    where (l.status <> 'pending' and l.settled_version is null) or l.settled_version not between 2 and r.version`,
  'I11 a system that had a coordinator for the whole of it has one, or the state stands in': `
    select min(c.id::text) as id from coordinator c join school_system y on y.code = c.system_code
    cross join lateral (select (now() at time zone 'America/Chicago')::date as day) at
    where c.reach = 'system' and c.application is null and c.from_day <= at.day and coalesce(y.closed_on > at.day, true)
      and not exists (select 1 from state_takeover t where t.system_code = c.system_code and t.ended_at is null)
    group by c.system_code having not bool_or(c.ended_at is null and coalesce(c.to_day > at.day, true))`,
};

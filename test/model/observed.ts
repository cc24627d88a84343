import type { Real } from './real.js';
import { inForce, type World } from './world.js';

/** What both the tables and the model can say: texts by name. */
export type Observed = Record<string, string>;

/** What the model believes. */
export function believed(world: World): Observed {
  const told: Observed = {};
  for (const [name, { version, lines }] of Object.entries(world.requests)) {
    told[`request ${name}`] = `version ${version}`;
    lines.forEach(({ status, decidedBy, deciders, desk, offer, asked }, at) => {
      const less = offer ? ` offered ${offer.by}` : '';
      const waits =
        status === 'pending' ? ` ${desk ? 'desk' : 'there'} ${deciders.join()}${less}${asked ? ' asked' : ''}` : '';
      told[`line ${name}.${at}`] = `${status} ${decidedBy ?? ''}${waits}`;
    });
  }
  for (const [name, { state, permission, to }] of Object.entries(world.grants))
    told[`grant ${name}`] = state === 'ended' ? state : `${permission} ${state} ${to ?? 'for-good'}`;
  for (const [name, seat] of Object.entries(world.seats))
    if (name !== 'desk') told[`seat ${name}`] = inForce(world, seat) ? 'in office' : 'over';
  for (const [name, { ended }] of Object.entries(world.covers)) told[`cover ${name}`] = ended ? 'ended' : 'stands';
  for (const [name, { status }] of Object.entries(world.proposals)) told[`proposal ${name}`] = status;
  for (const [name, { system, open }] of Object.entries(world.sites)) told[`site ${name}`] = `${system} ${open}`;
  for (const [name, { open }] of Object.entries(world.people)) told[`account ${name}`] = open ? 'open' : 'closed';
  told['taken over'] = world.takenOver.join();
  return told;
}

/** What the tables say. */
export async function observed(real: Real): Promise<Observed> {
  await real.keepFruits();
  const told: Observed = {};
  const rows = await real.em.execute<{ kind: string; id: string; text: string }[]>(facts, [
    real.today(),
    real.now(),
    real.now(),
    JSON.stringify(real.allIds()),
  ]);
  const found = new Map(rows.map(({ kind, id, text }) => [`${kind} ${id}`, text]));
  const take = (kind: string, name: string, id: string): void => {
    const text = found.get(`${kind} ${id}`);
    if (text !== undefined) told[`${kind} ${name}`] = text;
  };
  for (const kind of ['request', 'line', 'seat', 'cover', 'proposal'])
    for (const [name, id] of real.named(`${kind} `)) take(kind, name, id);
  for (const [name, id] of real.named('')) {
    take('grant', name, id);
    take('site', name, id);
  }
  for (const [name, accountId] of real.accounts()) take('account', name, accountId);
  for (const [name, id] of real.named(''))
    if (found.has(`taken ${id}`)) told['taken over'] = [told['taken over'], name].filter(Boolean).sort().join();
  told['taken over'] ??= '';
  return named(told, real);
}

/** Ids in texts become names. */
function named(told: Observed, real: Real): Observed {
  const places = new Map(real.named('').map(([name, id]) => [id, name]));
  const word = (text: string): string => places.get(text) ?? (text.length === 36 ? real.nameOf(text) : text);
  return Object.fromEntries(
    Object.entries(told).map(([key, text]) => [
      key,
      text
        .split(' ')
        .map((part) => part.split(',').map(word).sort().join())
        .join(' '),
    ]),
  );
}

const facts = `
  with asked as (select ?::date as day)
  , fact as (
  select 'request' as kind, id::text, 'version ' || version as text from permission_request
  union all select 'line', l.id::text, l.status || ' ' || coalesce(l.decided_by::text, '') || case when l.status = 'pending' then
      case when l.state_desk then ' desk ' else ' there ' end || array_to_string(array(
        select distinct d.staff_member_id::text from request_decider d where d.line_id = l.id order by 1), ',')
        || coalesce((select ' offered ' || o.by_staff_member_id from line_offer o where o.line_id = l.id and o.answer is null), '')
        || case when exists (select 1 from request_question_line q where q.line_id = l.id and q.closed_at is null) then ' asked' else '' end
      else '' end
    from request_line l
  union all select 'grant', g.id::text, coalesce((select v.permission || ' ' || v.state || ' ' || coalesce((v.to_at at time zone 'America/Chicago')::date::text, 'for-good') from grant_version v where v.grant_id = g.id and v.superseded_at is null
      and v.from_at <= ?::timestamptz and coalesce(v.to_at > ?::timestamptz, true)), 'ended') from access_grant g
  union all select 'seat', c.id::text, case when c.ended_at is null and coalesce(c.to_day > asked.day, true) then 'in office' else 'over' end
    from coordinator c, asked
  union all select 'cover', v.id::text, case when v.ended_at is null then 'stands' else 'ended' end from coordinator_cover v
  union all select 'site', s.code, (select p.system_code from site_parent p where p.site_code = s.code and p.from_day <= asked.day
      order by coalesce(p.to_day, 'infinity') desc, p.from_day desc limit 1) || ' ' || (s.closed_on is null or s.closed_on > asked.day)::text
    from asked, site s
  union all select 'proposal', id::text, status from request_proposal
  union all select 'account', a.id::text, case when a.status = 'active' then 'open' else 'closed' end from account a
  union all select 'taken', t.system_code, '' from state_takeover t where t.ended_at is null)
  select kind, id, text from fact where id in (select value from json_array_elements_text(?::json))`;

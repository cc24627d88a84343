import type { EntityManager } from '@mikro-orm/postgresql';
import { codeSchemes, type CodeScheme } from './kinds.js';
import type { Location } from './location.js';

/** Something that happened to a place, as its history tells it. */
export interface PlaceEvent {
  /** 'YYYY-MM-DD', the first day it held. */
  day: string;
  what: (typeof order)[number];
  /** A readable sentence without the day. */
  text: string;
}

/** What is told first of one day. */
const order = ['opened', 'named', 'moved', 'served', 'code', 'closed', 'merged'] as const;

interface Period {
  value: string;
  from_day: string | null;
  to_day: string | null;
}

/** What happened to a place, oldest first. Periods that never held are left out. */
export async function placeEvents(em: EntityManager, location: Location): Promise<PlaceEvent[]> {
  const { level, code } = location;
  const periods = (sql: string, ...params: string[]): Promise<Period[]> =>
    em.execute<Period[]>(
      `select value, from_day::text, to_day::text from (${sql}) period (value, from_day, to_day)
       where to_day is distinct from from_day or from_day is null order by from_day nulls first`,
      params,
    );
  const own = `level = ? and code = ?`;
  const lives = await periods(
    `select '', from_day, to_day from place_life where ${own}
     union all select '', opened_on, closed_on from ${level === 'site' ? 'site' : 'school_system'} where code = ?`,
    level,
    code,
    code,
  );
  const names = await periods(`select name, from_day, to_day from place_name where ${own}`, level, code);
  const codes = await em.execute<(Period & { scheme: CodeScheme })[]>(
    `select scheme, value, from_day::text, to_day::text from place_code
     where ${own} and to_day is distinct from from_day order by scheme, from_day`,
    [level, code],
  );
  const links = (table: string): Promise<Period[]> =>
    periods(
      `select s.name || ' (' || s.code || ')', l.from_day, l.to_day from ${table} l join school_system s on s.code = l.system_code where l.site_code = ?`,
      code,
    );
  const events = [
    ...livesTold(lives),
    ...told(names, 'named', (name, before) => (before ? `Renamed from ${before} to ${name}.` : `Named ${name}.`)),
    ...Object.entries(codeSchemes).flatMap(([scheme, name]) =>
      told(
        codes.filter((one) => one.scheme === scheme),
        'code',
        (value) => `${name}: known as ${value}.`,
        (value) => `${name}: no longer known as ${value}.`,
      ),
    ),
    ...(level === 'site'
      ? [...parentsTold(await links('site_parent')), ...servingTold(await links('site_serving'))]
      : []),
    ...(level === 'site' ? await mergersTold(em, code) : []),
  ];
  return events.sort(
    (one, other) => one.day.localeCompare(other.day) || order.indexOf(one.what) - order.indexOf(other.what),
  );
}

/** Periods as events: what each begins with, and what it ends with where nothing follows at once. */
function told(
  periods: Period[],
  what: PlaceEvent['what'],
  begins: (value: string, before: string | undefined) => string,
  ends?: (value: string) => string,
): PlaceEvent[] {
  return periods.flatMap(({ value, from_day, to_day }, index) => {
    const before = periods[index - 1];
    const next = periods[index + 1];
    const events: PlaceEvent[] = [];
    if (from_day && before?.value !== value) events.push({ day: from_day, what, text: begins(value, before?.value) });
    else if (from_day && ends && before!.to_day !== from_day)
      events.push({ day: from_day, what, text: begins(value, undefined) });
    if (to_day && ends && next?.from_day !== to_day) events.push({ day: to_day, what, text: ends(value) });
    return events;
  });
}

/** A place that opened again on the day it closed was never closed. */
const livesTold = (lives: Period[]): PlaceEvent[] =>
  lives.flatMap(({ from_day, to_day }, index): PlaceEvent[] => {
    const again = index > 0;
    return [
      ...(from_day && from_day !== lives[index - 1]?.to_day
        ? [{ day: from_day, what: 'opened' as const, text: again ? 'Opened again.' : 'Opened.' }]
        : []),
      ...(to_day && to_day !== lives[index + 1]?.from_day
        ? [{ day: to_day, what: 'closed' as const, text: 'Closed.' }]
        : []),
    ];
  });

const parentsTold = (parents: Period[]): PlaceEvent[] =>
  told(parents, 'moved', (system, before) => (before ? `Moved from ${before} to ${system}.` : `Belongs to ${system}.`));

const servingTold = (serving: Period[]): PlaceEvent[] =>
  told(
    serving,
    'served',
    (system) => `Served by ${system}.`,
    (system) => `No longer served by ${system}.`,
  );

async function mergersTold(em: EntityManager, code: string): Promise<PlaceEvent[]> {
  const rows = await em.execute<{ day: string; name: string; gone: boolean }[]>(
    `select m.on_day::text as day, other.name || ' (' || other.code || ')' as name, m.site_code = ? as gone
     from site_merger m join site other on other.code = case when m.site_code = ? then m.into_code else m.site_code end
     where ? in (m.site_code, m.into_code)`,
    [code, code, code],
  );
  return rows.map(({ day, name, gone }) => ({
    day,
    what: 'merged',
    text: gone ? `Merged into ${name}.` : `Took over from ${name}.`,
  }));
}

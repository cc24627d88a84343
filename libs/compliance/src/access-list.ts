import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '#audit';
import { CatalogService } from '#catalog';
import { Clock, days, localDay, type SignedIn } from '#kernel';
import { locationKey, type Location, SitesService } from '#sites';
import { FileLimit, mostRows } from './file-limit.js';
import { complianceProblems } from './problems.js';
import { type AccessReader, ReaderScope } from './reader-scope.js';
import { wordsOf } from './words-of.js';

/** What to list of the access a reader looks after. */
export interface AccessFilter {
  /** Words of a name, or a Staff ID. */
  text?: string;
  application?: string;
  siteCode?: string;
  /** Only what ends by itself within so many days. */
  endsWithin?: number;
}

/** A permission somebody has now or will have. */
export interface AccessRow {
  grantId: string;
  staffMemberId: string;
  /** It is the reader's own. */
  own: boolean;
  name: string;
  staffId: string;
  application: string;
  permission: string;
  place: string;
  placeCode: string;
  fromAt: Date;
  toAt?: Date;
  /** It rests. */
  suspended: boolean;
}

/** A piece of the list; `next` leads on. */
export interface AccessListPage {
  rows: AccessRow[];
  next?: string;
}

interface ListedRow extends Location {
  key: string;
  id: string;
  grant_id: string;
  staff_member_id: string;
  name: string;
  staff_id: string;
  application: string;
  role: string;
  permission: string;
  from_at: string;
  to_at: string | null;
  state: string;
}

/** As many as may be renewed in one act. */
const pageSize = 100;

const granted = `v.*, m.name_key, m.id as person_id, m.first_name || ' ' || m.last_name as name, m.staff_id as number`;

/** The systems that answer for a site: `owner`, and `served` where the application has served sites. */
const answeringAt = (code: string): string => `lateral (
  select owner.code as owner, case
      when t.kind in ('nonpublic', 'early-childhood') or owner.kind in ('nonpublic', 'early-childhood') then serving.code
      else coalesce(serving.code, owner.code) end as served
    from site t
    left join lateral (select p.system_code as code, s.kind from site_parent p join school_system s on s.code = p.system_code, today
      where p.site_code = t.code and p.from_day <= day and coalesce(p.to_day > day, true)) owner on true
    left join lateral (select p.system_code as code from site_serving p, today
      where p.site_code = t.code and p.from_day <= day and coalesce(p.to_day > day, true)) serving on true
    where t.code = ${code})`;

const held = `with today as (select ?::date as day),
  held as (select * from json_to_recordset(?::json) as h (state boolean, whole boolean, system text, sites json, app text))`;

/** Where grants are read from, with who answers for their place. */
const sources = {
  everywhere: `with mine as (select ${granted} from grant_version v join staff_member m on m.id = v.staff_member_id)`,
  statewide: `${held}, mine as (select ${granted}, place.owner, place.served
    from grant_version v join staff_member m on m.id = v.staff_member_id left join ${answeringAt('v.code')} place on v.level = 'site')`,
  near: `${held}, mine as materialized (select ${granted}, place.owner, place.served
    from grant_version v join staff_member m on m.id = v.staff_member_id
    left join json_to_recordset(?::json) as place (code text, owner text, served text) on place.code = v.code
    where v.superseded_at is null and v.code = any (?::text[]))`,
};

/** The places grants of a reader can be at. A statement of its own: their number decides how the grants are best found. */
const nearPlaces = `${held},
  near as (select value as code from held, json_array_elements_text(held.sites)
    union select system from held
    union select p.site_code from site_parent p join held on held.system = p.system_code and held.whole
    union select p.site_code from site_serving p join held on held.system = p.system_code and held.whole)
  select near.code, place.owner, place.served from near left join ${answeringAt('near.code')} place on true`;

const withinScope = `exists (select 1 from held h where coalesce(h.app = v.application, true) and (h.state or (
  h.system = case when v.level = 'system' then v.code
    when v.application in (select value from json_array_elements_text(?::json)) then v.served else v.owner end
  and (h.whole or (v.level = 'site' and v.code in (select value from json_array_elements_text(h.sites)))))))`;

/** Who has access at the sites somebody looks after: pages by key, so that a late page costs what the first does. */
@Injectable()
export class AccessList {
  constructor(
    private readonly em: EntityManager,
    private readonly clock: Clock,
    private readonly audit: AuditService,
    private readonly files: FileLimit,
    private readonly catalog: CatalogService,
    private readonly sites: SitesService,
    private readonly scope: ReaderScope,
  ) {}

  /**
   * People in order of their names, 100 permissions at a time.
   * @param after `next` of the page before
   * @throws compliance.not-found (404) for who looks after nobody
   */
  async page(actor: SignedIn, filter: AccessFilter, after?: string): Promise<AccessListPage> {
    const reader = await this.readerOf(actor);
    const rows = await this.rows(reader, filter, keyOf(after), pageSize + 1);
    const last = rows.length > pageSize ? rows[pageSize - 1] : undefined;
    const next = last && { next: `${last.staff_member_id}.${last.id}.${last.key}` };
    return { rows: await this.named(reader, rows.slice(0, pageSize)), ...next };
  }

  /**
   * Named permissions, of those the reader looks after; 100 at most.
   * @throws compliance.not-found (404) for who looks after nobody
   */
  async some(actor: SignedIn, grantIds: string[]): Promise<AccessRow[]> {
    const reader = await this.readerOf(actor);
    return this.named(reader, await this.rows(reader, { grantIds }, undefined, pageSize));
  }

  /**
   * All of it, for a file; who took what is kept in the audit log.
   * @throws compliance.not-found (404), compliance.too-many-rows (422), compliance.too-many-files (429)
   */
  async all(actor: SignedIn, filter: AccessFilter): Promise<AccessRow[]> {
    const reader = await this.readerOf(actor);
    await this.files.take(actor, 'access.export');
    return this.em.transactional(async () => {
      const rows = await this.rows(reader, filter, undefined, mostRows + 1);
      if (rows.length > mostRows)
        throw complianceProblems.tooManyRows(
          'A file holds at most 50,000 rows. Choose a site or an application first.',
        );
      await this.audit.record(actor, { action: 'access.export', after: { ...filter, rows: rows.length } });
      return this.named(reader, rows);
    });
  }

  private async readerOf(actor: SignedIn): Promise<AccessReader> {
    const reader = await this.scope.of(actor);
    if (reader) return reader;
    throw complianceProblems.notFound(
      'There is no list for you: you look after nobody, or your statement is not signed. See "My sites".',
      { refusal: { action: 'access.list' } },
    );
  }

  private async rows(
    { scopes }: AccessReader,
    { text = '', application, siteCode, endsWithin, grantIds }: AccessFilter & { grantIds?: string[] },
    after: PageKey | undefined,
    limit: number,
  ): Promise<ListedRow[]> {
    const now = this.clock.now();
    const words = wordsOf(text);
    const ofState = scopes.filter((one) => one.reach === 'state');
    const scoped = ofState.every((one) => one.application !== undefined);
    const source = !scoped ? 'everywhere' : ofState.length ? 'statewide' : 'near';
    const holdings = scopes.map(({ reach, systemCode, siteCodes, application: limit }) => ({
      state: reach === 'state',
      whole: reach === 'system',
      system: systemCode ?? null,
      sites: [...siteCodes],
      app: limit ?? null,
    }));
    const served = this.catalog.applications().flatMap((one) => (one.servedSites ? [one.code] : []));
    const about = scoped ? [localDay(now), JSON.stringify(holdings)] : [];
    const places = source === 'near' ? await this.em.execute<{ code: string }[]>(nearPlaces, about) : [];
    return this.em.execute<ListedRow[]>(
      `${sources[source]}
       select v.name_key as key, v.id, v.grant_id, v.staff_member_id, v.name, v.number as staff_id,
         v.application, v.role, v.permission, v.level, v.code, v.from_at, v.to_at, v.state
       from mine v
       where v.superseded_at is null and coalesce(v.to_at > ? and v.to_at > v.from_at, true)
         and ${endsWithin === undefined ? 'true' : 'v.to_at <= ?'}
         and ${grantIds ? 'v.grant_id in (select value::uuid from json_array_elements_text(?::json))' : 'true'}
         and ${scoped ? withinScope : 'true'}
         and coalesce(v.application = ?, true) and (?::text is null or (v.level = 'site' and v.code = ?))
         ${words.map(() => `and (v.name_key like ? or v.number = ?)`).join(' ')}
         ${after ? 'and v.name_key >= ? and (v.name_key, v.person_id, v.id) > (?, ?::uuid, ?::uuid)' : ''}
       order by v.name_key, v.person_id, v.id limit ?`,
      [
        ...about,
        ...(source === 'near' ? [JSON.stringify(places), `{${places.map(({ code }) => `"${code}"`).join()}}`] : []),
        now,
        ...(endsWithin === undefined ? [] : [new Date(now.getTime() + days(endsWithin))]),
        ...(grantIds ? [JSON.stringify(grantIds)] : []),
        ...(scoped ? [JSON.stringify(served)] : []),
        application ?? null,
        siteCode ?? null,
        siteCode ?? null,
        ...words.flatMap((word) => [`%${word}%`, word]),
        ...(after ? [after.key, after.key, after.person, after.id] : []),
        limit,
      ],
    );
  }

  private async named(reader: AccessReader, rows: ListedRow[]): Promise<AccessRow[]> {
    const places = await this.sites.placeMany([
      ...new Map(rows.map(({ level, code }) => [`${level}:${code}`, { level, code }])).values(),
    ]);
    return rows.map((row) => {
      const names = this.catalog.names(row.application, row.role, row.permission);
      return {
        grantId: row.grant_id,
        staffMemberId: row.staff_member_id,
        own: row.staff_member_id === reader.staffMemberId,
        name: row.name,
        staffId: row.staff_id,
        application: names.application,
        permission: names.permission,
        place: places.get(locationKey(row))?.name ?? row.code,
        placeCode: row.code,
        fromAt: new Date(row.from_at),
        ...(row.to_at && { toAt: new Date(row.to_at) }),
        suspended: row.state === 'suspended',
      };
    });
  }
}

/** The last row of the page before. */
interface PageKey {
  person: string;
  id: string;
  key: string;
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const pageKey = new RegExp(`^(${uuid})\\.(${uuid})\\.([^\\0]{1,300})$`);

/** Where a page begins; nonsense begins at the front. */
function keyOf(after: string | undefined): PageKey | undefined {
  const [, person, id, key] = pageKey.exec(after ?? '') ?? [];
  return person && id && key ? { person, id, key } : undefined;
}

import type { Location } from './location.js';
import type { RegisterField, RegisterSources } from './register-sources.js';

/** What a source says otherwise than the register. */
export interface DisagreementView extends Location {
  id: string;
  /** The place as the register calls it. */
  name: string;
  field: RegisterField;
  source: { code: string; name: string };
  /** A value as the register has it; for parents and serving systems a code. */
  registerValue?: string;
  sourceValue?: string;
  /** Names of the systems, where values are codes. */
  registerLabel?: string;
  sourceLabel?: string;
  /** 'YYYY-MM-DD' */
  firstSeen: string;
  lastSeen: string;
  settled?: { at: Date; by?: string; outcome: 'register' | 'source' | 'agreed'; note?: string };
}

/** A row of `disagreementRows`. */
export interface DisagreementRow extends Location {
  id: string;
  name: string | null;
  field: RegisterField;
  source: string;
  register_value: string | null;
  source_value: string | null;
  registerLabel: string | null;
  sourceLabel: string | null;
  first_seen: string;
  last_seen: string;
  settled_at: string | null;
  settled_by: string | null;
  outcome: 'register' | 'source' | 'agreed' | null;
  note: string | null;
}

/** Disagreements with the names of places and systems; a condition and an order follow. */
export const disagreementRows = `select d.id, d.level, d.code, d.field, d.source, d.register_value, d.source_value,
    d.first_seen::text, d.last_seen::text, d.settled_at, d.settled_by, d.outcome, d.note,
    coalesce(site.name, system.name) as name, named.name as "registerLabel", coalesce(known.name, d.source_label) as "sourceLabel"
  from register_disagreement d
  left join site on d.level = 'site' and site.code = d.code
  left join school_system system on d.level = 'system' and system.code = d.code
  left join school_system named on d.field in ('parent', 'serving') and named.code = d.register_value
  left join school_system known on d.field in ('parent', 'serving') and known.code = d.source_value`;

export const disagreementView = (row: DisagreementRow, sources: RegisterSources): DisagreementView => ({
  id: row.id,
  level: row.level,
  code: row.code,
  name: row.name ?? row.code,
  field: row.field,
  source: { code: row.source, name: sources.nameOf(row.source) },
  registerValue: row.register_value ?? undefined,
  sourceValue: row.source_value ?? undefined,
  registerLabel: row.registerLabel ?? undefined,
  sourceLabel: row.sourceLabel ?? undefined,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  settled: row.settled_at
    ? {
        at: new Date(row.settled_at),
        by: row.settled_by ?? undefined,
        outcome: row.outcome!,
        note: row.note ?? undefined,
      }
    : undefined,
});

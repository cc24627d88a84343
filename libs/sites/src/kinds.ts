/** Kinds of school systems. */
export const systemKinds = [
  'parish',
  'city',
  'district',
  'charter',
  'state-school',
  'nonpublic',
  'early-childhood',
] as const;
export type SystemKind = (typeof systemKinds)[number];

/** Kinds of sites. */
export const siteKinds = ['school', 'central-office', 'support', 'nonpublic', 'early-childhood'] as const;
export type SiteKind = (typeof siteKinds)[number];

/** Whose a place is: public places have a system of their own that answers for them, the others may be served by one. */
export type Sector = 'public' | 'nonpublic' | 'early-childhood';

/** The sector of a system, or of a site with its system: a diocese's central office is nonpublic all the same. */
export function sectorOf(kind: SystemKind | SiteKind, systemKind: SystemKind | SiteKind = kind): Sector {
  const own = kind === 'nonpublic' || kind === 'early-childhood' ? kind : systemKind;
  return own === 'nonpublic' || own === 'early-childhood' ? own : 'public';
}

/** Schemes other codes of a place come from, and their names. */
export const codeSchemes = {
  ldoe: 'Louisiana Department of Education',
  federal: 'Federal files',
  nces: 'National Center for Education Statistics',
  legacy: 'Earlier register',
} as const;
export type CodeScheme = keyof typeof codeSchemes;

/** The kinds in people's words. */
export const kindNames: Record<SystemKind | SiteKind, string> = {
  parish: 'Parish school system',
  city: 'City or community school system',
  district: 'School district',
  charter: 'Charter schools',
  'state-school': 'State school',
  nonpublic: 'Nonpublic',
  'early-childhood': 'Early childhood',
  school: 'School',
  'central-office': 'Central office',
  support: 'Support site',
};

/**
 * The kind a system most likely is, where a register does not say: LDOE numbers parishes 001-064 (Orleans reports as
 * R36), cities 065-069, nonpublic sponsors 500-999 and what begins like them (6A7, 9BJ); charters carry a W or report
 * as CHA, RBR and RLA. Only a kind is guessed from a code, never a parent.
 */
export function likelySystemKind(code: string): SystemKind {
  if (/^0([0-5]\d|6[0-4])$/.test(code) || code === 'R36') return 'parish';
  if (/^06[5-9]$/.test(code)) return 'city';
  if (/^[5-9]/.test(code)) return 'nonpublic';
  if (/^(W|CHA|RBR|RLA)/.test(code)) return 'charter';
  return 'state-school';
}

/** The kind a site most likely is, where a register does not say: xxx700 are central offices, xxx888 special education support. */
export function likelySiteKind(code: string, systemKind: SystemKind): SiteKind {
  if (code.endsWith('700')) return 'central-office';
  if (code.endsWith('888')) return 'support';
  return systemKind === 'nonpublic' || systemKind === 'early-childhood' ? systemKind : 'school';
}

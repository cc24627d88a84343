/** Kinds of school systems. */
export const systemKinds = ['parish', 'city', 'charter', 'state-school', 'nonpublic', 'early-childhood'] as const;
export type SystemKind = (typeof systemKinds)[number];

/** Kinds of sites. */
export const siteKinds = ['school', 'central-office', 'support', 'nonpublic', 'early-childhood'] as const;
export type SiteKind = (typeof siteKinds)[number];

/** The kinds in people's words. */
export const kindNames: Record<SystemKind | SiteKind, string> = {
  parish: 'Parish school system',
  city: 'City or community school system',
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

import type { Location } from './location.js';
import type { RegisterInput } from './register-plan.js';
import type { RegisterRow } from './register-row.js';
import type { RegisterField } from './register-sources.js';
import type { PlaceState, RegisterState } from './register-state.js';

/** What a file says otherwise than the register, in a field that its source does not decide. */
export interface FoundDisagreement extends Location {
  field: RegisterField;
  registerValue?: string;
  sourceValue?: string;
  /** What the file calls the system it names. */
  sourceLabel?: string;
}

/** Values that were overruled when somebody settled for another source, by `site:001005:parent`. */
export type Settled = Map<string, string>;

type Told = Partial<Record<RegisterField, string | null>>;

/** Where the file differs from the register without having a say; places only one of them knows are no disagreement. */
export function findDisagreements(
  current: RegisterState,
  { rows, source }: RegisterInput,
  settled: Settled,
): FoundDisagreement[] {
  const questions = source.questions.filter((field) => !source.decides.includes(field));
  if (!questions.length) return [];
  const names = new Map(rows.map(({ system }) => [system.code, system.name]));
  const seen = new Set<string>();
  return rows.flatMap((row) =>
    toldBy(row).flatMap(({ level, code, told }) => {
      const place = (level === 'system' ? current.systems : current.sites).get(code);
      const key = `${level}:${code}`;
      if (!place || seen.has(key)) return [];
      seen.add(key);
      const known = valuesOf(place);
      return questions
        .filter((field) => told[field] !== undefined && (told[field] ?? undefined) !== known[field])
        .filter((field) => settled.get(`${key}:${field}`) !== told[field])
        .map((field): FoundDisagreement => {
          const sourceValue = told[field] ?? undefined;
          const named = sourceValue && (field === 'parent' || field === 'serving');
          return {
            level,
            code,
            field,
            registerValue: known[field] ?? undefined,
            sourceValue,
            ...(named && { sourceLabel: names.get(sourceValue) }),
          };
        });
    }),
  );
}

function toldBy({ system, site }: RegisterRow): (Location & { told: Told })[] {
  return [
    { level: 'system', code: system.code, told: { name: system.name, kind: system.kind, opening: 'open' } },
    ...(site
      ? [
          {
            level: 'site' as const,
            code: site.code,
            told: {
              parent: system.code,
              name: site.name,
              kind: site.kind,
              'federal-code': site.federalCode,
              serving: site.serving,
              opening: 'open',
            },
          },
        ]
      : []),
  ];
}

const valuesOf = (place: PlaceState): Told => ({
  name: place.name,
  kind: place.kind,
  opening: place.open ? 'open' : 'closed',
  ...('systemCode' in place && {
    parent: place.systemCode,
    'federal-code': place.federalCode,
    serving: place.serving,
  }),
});

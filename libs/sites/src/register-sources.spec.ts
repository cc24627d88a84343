import { readSources, RegisterSources } from './register-sources.js';

const faults = (text: string): string => {
  try {
    readSources(text);
    return 'none';
  } catch (fault) {
    return (fault as Error).message;
  }
};

describe('config/register/sources.yaml', () => {
  it('is fit to start with; a file is taken as the first source of its format', () => {
    const sources = RegisterSources.fromFile();
    expect(sources.of(undefined, 'csv').code).toBe('sites-by-year');
    expect(sources.of('leap', 'leap')).toMatchObject({ decides: [], questions: ['parent'] });
    expect(() => sources.of('sites-by-year', 'leap')).toThrow(/is in the format leap/);
    expect(() => sources.of('nobody', 'csv')).toThrow(/sites-by-year \(csv\)/);
  });

  it('every fault is told at once', () => {
    expect(faults('sources: []')).toMatch(/sources must be a list/);
    expect(faults('a: &a [1]\nsources: [*a]')).not.toBe('none');
    const found = faults(
      'sources: [{ code: A, name: x, format: csv, decides: [parent] }, { code: b, format: xml, decides: [colour], codes: { system: three, site: 6 }, more: 1 }, { code: b, name: y, format: csv, decides: [] }]',
    );
    for (const fault of [
      'A: code must be small letters',
      'b: name is missing',
      'b: format must be one of csv, leap, nces, oneroster',
      'b: decides must be a list of parent, name',
      'b: codes must say how long',
      'b: more is not known here',
      'b is there twice',
    ])
      expect(found).toContain(fault);
  });
});

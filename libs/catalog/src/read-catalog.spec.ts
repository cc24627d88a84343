import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CatalogFault, CatalogService, readCatalog } from './index.js';

const faultsOf = (text: string): string[] => {
  try {
    readCatalog(text);
    return [];
  } catch (fault) {
    if (fault instanceof CatalogFault) return fault.faults;
    throw fault;
  }
};

describe('the catalogue', () => {
  const catalog = new CatalogService(readCatalog(readFileSync('config/catalog/applications.yaml', 'utf8')));

  it('offers SER, SER IEP Form, EdLink Security and one more', () => {
    expect(catalog.applications().map(({ code, requestable }) => [code, requestable])).toEqual([
      ['ser', true],
      ['ser-iep-form', true],
      ['edlink-security', false],
      ['canopy', true],
    ]);
    expect(catalog.permission('ser-iep-form', 'iep-form', 'iep-form-writer').name).toBe('IEP Form Writer');
    expect(catalog.role('ser', 'ser-lasid').permissions.map(({ name }) => name)).toEqual(['SER LASID Writer']);
  });

  it('refuses what it does not offer; what was stored and left the catalogue shows its code', () => {
    expect(() => catalog.application('sis')).toThrow(
      expect.objectContaining({ code: 'catalog.unknown-application', status: 422 }),
    );
    expect(() => catalog.role('ser', 'iep-form')).toThrow(
      expect.objectContaining({ code: 'catalog.unknown-role', status: 422 }),
    );
    expect(() => catalog.permission('ser', 'ser-data', 'ser-lasid-writer')).toThrow(
      expect.objectContaining({ code: 'catalog.unknown-permission', status: 422 }),
    );
    expect(() => catalog.application('__proto__')).toThrow();
    expect(catalog.names('ser', 'ser-data', 'gone')).toEqual({
      application: 'SER',
      role: 'SER Data',
      permission: 'gone',
    });
    expect(catalog.names('gone')).toEqual({ application: 'gone', role: undefined, permission: undefined });
  });

  it('tells every fault at once', () => {
    const text = `
applications:
  - code: ser
    name: SER
    abuot: a slip of the pen
    levels: [system, school]
    roles:
      - code: ser-data
        name: SER Data
        about: Records.
        permissions: []
      - code: ser-data
        name: ''
        about: Records.
        permissions:
          - { code: Reader, name: Reader, about: Reads. }
          - { code: writer, name: Writer, about: Writes., approves: true }
          - { code: writer, name: Writer again, about: Writes. }
  - code: ser
    name: 7
    about: Another.
    levels: [site]
    requestable: perhaps
more: x
`;
    expect(faultsOf(text)).toEqual([
      'the file: "more" is not known here; known are applications',
      'ser: "abuot" is not known here; known are code, name, about, levels, roles, requestable, servedSites, restsUnused, placeHint, conflicts, approval',
      'ser: about is missing',
      'ser: levels must be [system], [site] or [system, site]',
      'ser ser-data: permissions must be a list with at least one entry',
      'ser ser-data: name is missing',
      'ser ser-data Reader: code must be small letters, digits and hyphens, such as ser-data-writer',
      'ser ser-data writer: "approves" is not known here; known are code, name, about, includes',
      'ser role ser-data is there twice',
      'ser permission writer is there twice',
      'ser: name must be a text of at most 200 characters',
      'ser: requestable must be true or false',
      'ser: roles must be a list with at least one entry',
      'application ser is there twice',
    ]);
  });

  it('knows which duties should not meet in one hand, and tells every fault of such a rule', () => {
    expect(catalog.application('ser-iep-form').conflicts).toMatchObject([
      { permissions: ['iep-form-writer', 'iep-form-approver'], where: 'same-site', effect: 'warn' },
    ]);
    expect(catalog.application('ser').conflicts).toEqual([]);
    const faulty = (conflicts: string): string[] =>
      faultsOf(`
applications:
  - code: ser
    name: SER
    about: Records.
    levels: [site]
    conflicts: ${conflicts}
    roles:
      - { code: data, name: Data, about: Records., permissions: [{ code: reader, name: Reader, about: Reads. }] }`);
    expect(faulty('none')).toEqual(['ser: conflicts must be a list']);
    expect(faulty('[{ permissions: [reader, reader], where: here, effect: shout, becuase: x }]')).toEqual([
      'ser conflicts entry 1: "becuase" is not known here; known are permissions, where, effect, because',
      'ser conflicts entry 1: permissions must be two different permissions of this application',
      'ser conflicts entry 1: where must be same-site or same-system',
      'ser conflicts entry 1: effect must be warn or forbid',
      'ser conflicts entry 1: because is missing',
    ]);
    for (const two of ['reader', '[reader, gone]', '[reader]'])
      expect(faulty(`[{ permissions: ${two}, where: same-site, effect: warn, because: x }]`)).toHaveLength(1);
  });

  it('knows the steps of approval of an application and of a role, and says what is wrong with such a list', () => {
    const text = (approval: string, ofRole = '[coordinator]'): string => `
applications:
  - code: ser
    name: SER
    about: Records.
    levels: [site]
    ${approval}
    roles:
      - { code: data, name: Data, about: Records., permissions: [{ code: reader, name: Reader, about: Reads. }] }
      - { code: lasid, name: Ids, about: Ids., approval: ${ofRole}, permissions: [{ code: writer, name: Writer, about: W. }] }`;
    const read = new CatalogService(readCatalog(text('approval: [special-education-supervisor, coordinator]')));
    expect(read.approvalOf('ser', 'data')).toEqual(['special-education-supervisor', 'coordinator']);
    expect(read.approvalOf('ser', 'lasid')).toEqual(['coordinator']);
    expect(read.approvalOf('ser', 'gone')).toEqual(['special-education-supervisor', 'coordinator']);
    expect(catalog.approvalOf('ser', 'ser-data')).toEqual(['coordinator']);
    expect(catalog.approvalOf('gone', 'gone')).toEqual(['coordinator']);
    const fault =
      'approval must be a list with coordinator in it, of special-education-supervisor, coordinator, application-owner in this order';
    for (const wrong of [
      'coordinator',
      '[]',
      '[application-owner]',
      '[coordinator, coordinator]',
      '[coordinator, special-education-supervisor]',
      '[coordinator, principal]',
    ])
      expect(faultsOf(text(`approval: ${wrong}`))).toEqual([`ser: ${fault}`]);
    expect(faultsOf(text('', '[principal]'))).toEqual([`ser lasid: ${fault}`]);
  });

  it.each([
    ['no YAML', 'applications: [', /./],
    ['a key twice', 'applications: []\napplications: []\n', /unique/i],
    ['aliases', 'applications: &a [*a]', /aliases/],
    ['an alias of nothing', 'applications: *a', /./],
    ['nothing', '', /applications/],
    ['a list', '- x', /applications/],
    ['no applications', 'applications: {}', /at least one/],
    ['an entry that is none', 'applications: [null, 3]', /entry 1[^]*entry 2/],
  ])('refuses a file with %s', (_, text, message) => expect(faultsOf(text).join('\n')).toMatch(message));

  it('answers every text with a catalogue or its faults, never with another error', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void faultsOf(text)));
  });

  it('knows which lesser permissions may be given instead', () => {
    expect(catalog.lesser('ser', 'ser-data', 'ser-data-writer').map(({ code }) => code)).toEqual(['ser-data-reader']);
    for (const [role, permission] of [
      ['ser-data', 'ser-data-reader'],
      ['gone', 'ser-data-writer'],
    ])
      expect(catalog.lesser('ser', role!, permission!)).toEqual([]);
    expect(catalog.lesser('gone', 'ser-data', 'ser-data-writer')).toEqual([]);
  });

  it.each([
    ['[owner]', []],
    ['[reader]', ['ser data writer: includes leads back to itself', 'ser data reader: includes leads back to itself']],
    ['[writer]', ['ser data writer: includes must be a list of other permissions of the role']],
    ['[elsewhere]', ['ser data writer: includes must be a list of other permissions of the role']],
    ['reader', ['ser data writer: includes must be a list of other permissions of the role']],
  ])('a lesser permission is another one of the role: %s', (includes, faults) => {
    const text = `
applications:
  - code: ser
    name: SER
    about: Records.
    levels: [site]
    roles:
      - code: data
        name: Data
        about: Records.
        permissions:
          - { code: writer, name: Writer, about: Writes., includes: ${includes} }
          - { code: reader, name: Reader, about: Reads., includes: [writer] }
          - { code: owner, name: Owner, about: Owns. }
      - code: other
        name: Other
        about: Other.
        permissions: [{ code: elsewhere, name: Elsewhere, about: E. }]`;
    expect(faultsOf(text)).toEqual(faults);
  });
});

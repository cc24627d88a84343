import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { readRegister, type RegisterFile } from './register-file.js';
import { RegisterSources } from './register-sources.js';

const sources = RegisterSources.fromFile();
const manifest = (version: string, orgs = 'bulk'): string =>
  `propertyName,value\nmanifest.version,1.0\noneroster.version,${version}\nfile.orgs,${orgs}\nfile.users,absent\n`;
const header = 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n';
/** A state, a department of it, two districts, schools beneath and beside them. */
const orgs = `${header}st,,,State of Oak,state,OAK,
dep,,,Department of Schools,department,,st
d-1,,,Elm District,district,1100,dep
d-1-a,,,Elm Academics,department,,d-1
s-1,,,"Elm ""North"" School",school,1101,d-1-a
s-2,,,Elm South,school,1102,d-1
D2,,,Ash District,district,,st
S3,,,Ash School,school,,D2
S4,,,School for the Deaf,school,,st
`;

/** A zip of the files, as tools write it: each deflated, or stored; `told` lies about the size of a file. */
function zip(files: Record<string, string>, told: { size?: number; crc?: number; flags?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(told.flags ?? 0, 0);
    fields.writeUInt16LE(8, 2);
    fields.writeUInt32LE(told.crc ?? crc32(content), 8);
    fields.writeUInt32LE(packed.length, 12);
    fields.writeUInt32LE(told.size ?? content.length, 16);
    fields.writeUInt16LE(name.length, 20);
    const local = Buffer.concat([
      Buffer.from('PK\u0003\u0004\u0014\u0000', 'latin1'),
      fields,
      Buffer.alloc(2),
      Buffer.from(name),
      packed,
    ]);
    const tail = Buffer.alloc(16);
    tail.writeUInt32LE(offset, 12);
    central.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000\u0014\u0000', 'latin1'), fields, tail, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

describe('OneRoster', () => {
  const home = mkdtempSync(join(tmpdir(), 'edlink-roster-'));
  afterAll(() => rmSync(home, { recursive: true }));
  let count = 0;
  const folder = (files: Record<string, string>): string => {
    const path = join(home, `set-${count++}`);
    mkdirSync(path);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  };
  const file = (bytes: Buffer): string => {
    const path = join(home, `set-${count++}.zip`);
    writeFileSync(path, bytes);
    return path;
  };
  const read = (path: string): Promise<RegisterFile> => readRegister([path], { sources });
  const set = (version: string, table = orgs, mode?: string): Record<string, string> => ({
    'manifest.csv': manifest(version, mode),
    'orgs.csv': table,
  });
  const places = ({ rows }: RegisterFile): string[] =>
    rows.map(({ system, site }) => `${system.code} ${system.kind}${site ? ` ${site.code} ${site.name}` : ''}`);

  it.each(['1.1', '1.2'])(
    '%s: a folder and a zip say the same: the tree becomes systems and their sites',
    async (version) => {
      const told = await read(folder(set(version)));
      expect(places(told)).toEqual([
        '1100 district',
        '1100 district 1101 Elm "North" School',
        '1100 district 1102 Elm South',
        'D2 district',
        'D2 district S3 Ash School',
        'OAK state-school S4 School for the Deaf',
      ]);
      expect(told).toMatchObject({ problems: [], gone: [], complete: true, source: { code: 'oneroster' } });
      const packed = await read(
        file(zip({ 'set/users.csv': 'x'.repeat(1000), 'set/manifest.csv': manifest(version), 'set/orgs.csv': orgs })),
      );
      expect(packed.rows).toEqual(told.rows);
    },
  );

  it('what only changed: what is to be deleted is gone, and nothing else', async () => {
    const changes = `${header}s-2,tobedeleted,2026-07-01T00:00:00.000Z,Elm South,school,1102,d-1\nd-1,active,2026-07-01T00:00:00.000Z,Elm District,district,1100,\n`;
    const told = await read(folder(set('1.2', changes, 'delta')));
    expect(told).toMatchObject({ complete: false, gone: [{ level: 'site', code: '1102', row: 2 }], problems: [] });
    expect(places(told)).toEqual(['1100 district']);
  });

  it('rows at fault are told with their line', async () => {
    const { problems } = await read(
      folder(
        set(
          '1.1',
          `${header}d,,,Elm,district,1100,\nd,,,Elm,district,1100,\na,,,Oak,school,1101,\nb,,,,school,1102,d\nc,,,Ash,college,1103,d\ne,,,Fir,school,not a code,d\nf,,,Yew,school,1104,d\ng,,,Yew,school,1104,d\n`,
        ),
      ),
    );
    expect(problems.map(({ row, message }) => `${row} ${message}`).sort()).toEqual([
      '3 sourcedId d is in line 2 already',
      '4 school 1101 has no district, local authority or state above it',
      '5 the organisation name is missing, longer than 120 characters or holds invisible characters',
      '6 the type must be one of school, district, local, department, state, national',
      '7 the identifier (or sourcedId) must be digits, capital letters and hyphens, at most 30',
      '9 site 1104 is in line 8 already',
    ]);
  });

  it.each([
    [
      'a circle of parents',
      set('1.2', `${header}a,,,Oak,district,1,b\nb,,,Elm,department,2,a\n`),
      /line \d of orgs.csv stands above itself/,
    ],
    ['an organisation above itself', set('1.2', `${header}a,,,Oak,district,1,a\n`), /stands above itself/],
    ['version 1.0', set('1.0'), /names version "1.0" of OneRoster/],
    ['no version', { ...set('1.2'), 'manifest.csv': 'propertyName,value\nfile.orgs,bulk\n' }, /names version ""/],
    ['no organisations', set('1.2', orgs, 'absent'), /holds no orgs.csv/],
    ['no parents', set('1.2', 'sourcedId,name,type\na,Oak,district\n'), /columns are missing: parentsourcedid/],
    ['a file cut off', set('1.2', orgs.slice(0, -8)), /cut off/],
  ])('IM-2 a set with %s is refused as a whole', async (_, files, message) => {
    await expect(read(folder(files))).rejects.toMatchObject({
      code: 'kernel.bad-file',
      detail: expect.stringMatching(message),
    });
    await expect(read(file(zip(files)))).rejects.toMatchObject({ detail: expect.stringMatching(message) });
  });

  it('IM-2 a chain of 100,000 departments takes no longer than a list of them', async () => {
    const chain = Array.from(
      { length: 100_000 },
      (_, n) => `n${n},,,Oak,department,,n${n + 1}\ns${n},,,Elm,school,S${n},n${n}`,
    );
    const from = performance.now();
    const { problems } = await read(folder(set('1.2', `${header}${chain.join('\n')}\n`)));
    expect(problems).toHaveLength(100_000);
    expect(performance.now() - from).toBeLessThan(10_000);
  });

  const bomb = zip({ 'manifest.csv': manifest('1.2'), 'orgs.csv': 'a'.repeat(80 * 1024 * 1024) });
  it.each([
    ['cut in half', zip(set('1.2')).subarray(0, 300), /damaged or cut off/],
    ['with another checksum', zip(set('1.2'), { crc: 7 }), /damaged or cut off/],
    ['that tells another size', zip(set('1.2'), { size: 3 }), /damaged or cut off/],
    ['that is protected', zip(set('1.2'), { flags: 1 }), /protected by a password/],
    ['that grows to 80 MiB', bomb, /larger than 64 MiB/],
    [
      'that grows to 80 MiB and tells 9 bytes',
      zip({ 'manifest.csv': 'x'.repeat(80 * 1024 * 1024) }, { size: 9 }),
      /damaged or cut off/,
    ],
    ['without a manifest', zip({ 'orgs.csv': orgs }), /no manifest.csv/],
    [
      'with two of them',
      zip({ 'orgs.csv': orgs, 'a/manifest.csv': manifest('1.2'), 'b/manifest.csv': manifest('1.1') }),
      /manifest.csv twice/,
    ],
    [
      'of 1,001 files',
      zip(Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`${n}.csv`, 'x']))),
      /more than 1000 files/,
    ],
  ])('IM-2 a zip %s is refused, with little memory and soon', async (_, bytes, message) => {
    const path = file(bytes);
    const [from, memory] = [performance.now(), process.memoryUsage().rss];
    await expect(read(path)).rejects.toMatchObject({ code: 'kernel.bad-file', detail: expect.stringMatching(message) });
    expect(performance.now() - from).toBeLessThan(2000);
    expect(process.memoryUsage().rss - memory).toBeLessThan(50e6);
  });

  it('a set comes alone, and not beside a file of another kind', async () => {
    await expect(readRegister([folder(set('1.2')), folder(set('1.2'))], { sources })).rejects.toMatchObject({
      detail: expect.stringMatching(/comes alone/),
    });
    await expect(readRegister([folder(set('1.2'))], { sources, source: 'nces' })).rejects.toMatchObject({
      code: 'sites.unknown-source',
    });
  });
});

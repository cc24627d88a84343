import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { projectRoot } from '#settings';
import { databaseOptions } from '#database';
import { floors } from '../../config/floors.js';
import { testSettings } from '../support/settings.js';
import { isSpec, type SourceFile, sources, textOf } from './sources.js';

/** Names that stand for configuration, not for a lib. */
const configuration = ['settings', 'database'];
const libs = readdirSync(join(projectRoot, 'libs'));
const apps = readdirSync(join(projectRoot, 'apps'));
const code = sources('libs', 'apps').filter((file) => !isSpec(file.path) && /\.tsx?$/.test(file.path));
const ownerOf = (file: SourceFile): string => file.path.split('/')[1]!;
const resolved = (file: SourceFile, target: string): string => posix.join(posix.dirname(file.path), target);

/** One line for each import of some files that a rule does not let through. */
const faults = (files: SourceFile[], allowed: (file: SourceFile, target: string) => boolean): string[] =>
  files.flatMap((file) =>
    file.imports.filter((target) => !allowed(file, target)).map((target) => `${file.path} imports ${target}`),
  );

describe('floors (config/floors.ts)', () => {
  const ofLibs = code.filter((file) => file.path.startsWith('libs/'));
  const ofApps = code.filter((file) => file.path.startsWith('apps/'));

  it('every lib stands on a floor, and guard on none', () => {
    expect([...Object.keys(floors), 'guard'].sort()).toEqual([...libs].sort());
  });

  it('a lib imports libs of lower floors only', () => {
    const lower = (file: SourceFile, target: string): boolean => {
      if (!target.startsWith('#')) return true;
      const name = target.slice(1);
      return name === 'settings' || floors[name]! < floors[ownerOf(file)]!;
    };
    expect(
      faults(
        ofLibs.filter((file) => ownerOf(file) !== 'guard'),
        lower,
      ),
    ).toEqual([]);
  });

  it('guard depends on nothing of ours', () => {
    const foreign = (file: SourceFile, target: string): boolean =>
      target.startsWith('.') ? resolved(file, target).startsWith('libs/guard/') : !target.startsWith('#');
    expect(
      faults(
        ofLibs.filter((file) => ownerOf(file) === 'guard'),
        foreign,
      ),
    ).toEqual([]);
  });

  it('nothing of a lib is reached but through its index.ts', () => {
    const throughTheDoor = (file: SourceFile, target: string): boolean => {
      if (target.startsWith('#')) return [...libs, ...configuration].includes(target.slice(1));
      if (!target.startsWith('.')) return true;
      const [kind, owner] = resolved(file, target).split('/');
      return kind !== 'libs' || (file.path.startsWith('libs/') && owner === ownerOf(file));
    };
    expect(faults(code, throughTheDoor)).toEqual([]);
  });

  it('no lib sees an app', () => {
    expect(
      faults(ofLibs, (file, target) => !target.startsWith('.') || !resolved(file, target).startsWith('apps/')),
    ).toEqual([]);
  });

  it('apps do not see each other; apps/local may see them all', () => {
    const own = (file: SourceFile, target: string): boolean => {
      const [kind, owner] = resolved(file, target).split('/');
      return !target.startsWith('.') || kind !== 'apps' || owner === ownerOf(file) || ownerOf(file) === 'local';
    };
    expect(faults(ofApps, own)).toEqual([]);
    expect(apps.length).toBeGreaterThan(3);
  });

  it('package.json names every lib, and no other', () => {
    const { imports } = JSON.parse(textOf('package.json')) as { imports: Record<string, string> };
    expect(Object.keys(imports).sort()).toEqual([...libs, ...configuration].map((name) => `#${name}`).sort());
    for (const name of libs) expect(imports[`#${name}`]).toBe(`./dist/libs/${name}/src/index.js`);
  });

  it('every index.ts says first what its lib is for', () => {
    for (const name of libs)
      expect({ name, first: textOf(`libs/${name}/src/index.ts`).split('\n')[0] }).toMatchObject({
        first: expect.stringMatching(/^(\/\/|\/\*)/),
      });
  });

  it('relations between entities point down', async () => {
    const floorOfEntity = new Map<string, { lib: string; floor: number }>();
    for (const lib of libs.filter((name) => name in floors)) {
      const door = (await import(`../../libs/${lib}/src/index.ts`)) as Record<string, unknown>;
      const entities = (door[`${lib}Entities`] ?? []) as { name: string }[];
      for (const entity of entities) floorOfEntity.set(entity.name, { lib, floor: floors[lib]! });
    }
    const orm = await MikroORM.init(databaseOptions(testSettings('postgres://nobody@127.0.0.1:1/none')));
    const upward: string[] = [];
    for (const meta of orm.getMetadata().getAll().values()) {
      const from = floorOfEntity.get(meta.className);
      if (!from) continue;
      for (const relation of meta.relations) {
        const to = floorOfEntity.get(relation.type);
        if (!to || to.floor > from.floor || (to.floor === from.floor && to.lib !== from.lib))
          upward.push(`${meta.className}.${relation.name} -> ${relation.type}`);
      }
    }
    await orm.close();
    expect(upward).toEqual([]);
  });
});

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot, settingsTable } from '#settings';
import { isSpec, sources, textOf } from './sources.js';

/** Rows of the tables of a document: cells without their white space and code marks. */
const rows = (path: string): string[][] =>
  textOf(path)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

describe('documents', () => {
  it('every file a document leads to is there', () => {
    const documents = [
      ...readdirSync(projectRoot),
      ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`),
    ];
    const links = documents
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...textOf(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, to]) => ({ path, to: to! })),
      );
    expect(links.length).toBeGreaterThan(30);
    const dead = links.filter(({ path, to }) => !existsSync(join(projectRoot, dirname(path), to)));
    expect(dead).toEqual([]);
  });

  const kinds = sources('libs', 'apps')
    .filter((file) => !isSpec(file.path))
    .flatMap((file) => [
      ...file.text.matchAll(/problemKind\(\s*'([^']+)',\s*(\d+),\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")/g),
    ])
    .map((match) => ({ code: match[1]!, status: match[2]!, title: (match[3] ?? match[4]!).replaceAll("\\'", "'") }));

  it('docs/problems.md names every problem with its status and title, and none that is gone', () => {
    const told = rows('docs/problems.md')
      .filter(([code]) => code?.startsWith('`'))
      .map(([code, status, title, todo]) => ({ code: code!.replaceAll('`', ''), status, title, todo: Boolean(todo) }));
    expect(kinds.length).toBeGreaterThan(5);
    expect(told.map(({ code }) => code).sort()).toEqual(kinds.map(({ code }) => code).sort());
    for (const kind of kinds) expect(told).toContainEqual({ ...kind, todo: true });
  });

  it('every problem code is there once, and belongs to the lib or app that declares it', () => {
    expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length);
    for (const { code } of kinds) expect(code).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
  });

  it('docs/settings.md tells of every setting: its default, whether it is secret, what it is for', () => {
    const told = rows('docs/settings.md').filter(([name]) => name?.startsWith('`'));
    expect(told.map(([name]) => name!.replaceAll('`', '')).sort()).toEqual(
      settingsTable.map(({ name }) => name).sort(),
    );
    for (const { name, about, fallback, secret } of settingsTable) {
      const row = told.find(([cell]) => cell === `\`${name}\``)!;
      expect({ name, default: row[1], about: row[2] }).toEqual({
        name,
        default: fallback === undefined ? 'required' : fallback === '' ? 'empty' : `\`${fallback}\``,
        about: `${about}${secret ? ' **Secret.**' : ''}`,
      });
    }
  });
});
